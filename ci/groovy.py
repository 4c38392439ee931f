"""groovy.py FILE: whether a Jenkinsfile follows the grammar of Groovy, and holds what a declarative pipeline must."""

import sys
from pathlib import Path

import tree_sitter_groovy
from tree_sitter import Language, Parser


def faults(node):
    """Places that the grammar does not know."""
    if node.is_error or node.is_missing:
        yield f"line {node.start_point[0] + 1}: {node.type}"
    for child in node.children:
        yield from faults(child)


def main():
    source = Path(sys.argv[1]).read_bytes()
    found = list(faults(Parser(Language(tree_sitter_groovy.language())).parse(source).root_node))
    found += [f"without '{word}'" for word in ("pipeline {", "agent ", "stages {", "steps {") if word not in source.decode()]
    for fault in found:
        print(f"{sys.argv[1]}: {fault}", file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
