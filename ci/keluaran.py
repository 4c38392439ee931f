#!/usr/bin/env python3
"""Holds the outputs of a pack against the official schemas and against run.json.

    keluaran.py --bentuk        prints each format with the name of its file
    keluaran.py PACK DIR        checks the outputs that lie in DIR; PACK/run.json says what they must tell

Every check counts what it reads and compares with run.json, so that an empty output cannot pass.
"""

import csv
import io
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import regex
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent

# What each verdict becomes; written here a second time on purpose, from the agreed table of docs/keluaran.md.


def line(requirement):
    """The line of the table that a requirement falls on."""
    outcome = requirement["outcome"]
    if outcome.get("reason") == "AWAITING_REVIEW":
        return "AWAITING_REVIEW"
    if outcome["verdict"] == "FAIL" and requirement["level"] == "dianjurkan":
        return "FAIL dianjurkan"
    return outcome["verdict"]


def check(condition, text):
    if not condition:
        sys.exit(f"keluaran: {text}")


def equal(got, wanted, text):
    check(got == wanted, f"{text}: {got!r} in place of {wanted!r}")


def validate(document, schema_name):
    """Official schemas use \\p{…} in patterns, which Python's own `re` does not know."""
    schema = json.loads((ROOT / "schemas" / schema_name).read_text(encoding="utf-8"))

    def pattern(_, wanted, instance, __):
        if isinstance(instance, str) and not regex.search(wanted, instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")

    base = jsonschema.validators.validator_for(schema)
    base.check_schema(schema)
    validator = jsonschema.validators.extend(base, {"pattern": pattern})
    faults = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in validator(schema, format_checker=base.FORMAT_CHECKER).iter_errors(document)
    ]
    check(not faults, f"not valid against {schema_name}: " + "\n".join(faults[:10]))


def markdown(run, data):
    """Rendered as GitHub does, with links made of whatever looks like one: nothing but our own tags comes out."""
    tags = Counter()
    rows = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags[tag] += 1
            check(not [name for name, _ in attributes if name != "style"], f"markdown: attributes of <{tag}>")

    text = data.decode("utf-8")
    html = MarkdownIt("gfm-like", {"html": True, "linkify": True}).render(text)
    Reader().feed(html)
    own = {"h2", "h3", "p", "ul", "li", "strong", "b", "br", "sub", "blockquote", "details", "summary"}
    own |= {"table", "thead", "tbody", "tr", "th", "td"}
    check(set(tags) <= own, f"markdown: tags {sorted(set(tags) - own)}")
    open_ones = [
        requirement
        for requirement in run["requirements"]
        if requirement["level"] == "wajib" and requirement["outcome"]["verdict"] not in ("PASS", "NOT_APPLICABLE")
    ]
    equal(tags["details"], min(len(open_ones), 60), "markdown: findings")
    counts = Counter(requirement["outcome"]["verdict"] for requirement in run["requirements"])
    for cells in re.findall(r"<tr>\n<td.*?</td>\n<td[^>]*>(\d+)</td>\n<td[^>]*>(\d+)</td>", html):
        rows.append(int(cells[0]) + int(cells[1]))
    equal(sorted(rows), sorted(counts.values()), "markdown: counts")
    check(len(data) < 1 << 20, "markdown: more than GitHub takes")


def table(run, data):
    check(data.count(b"\n") == data.count(b"\r\n"), "csv: lines that do not end with CRLF (RFC 4180, 2.1)")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))
    wanted = {r["id"]: (r["level"], r["outcome"]["verdict"]) for r in run["requirements"]}
    equal({row["id"]: (row["tingkat"], row["putusan"]) for row in rows}, wanted, "csv: verdicts")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=separator):
            for cell in row:
                check(not re.match(r'["\s]*[=+\-@]', cell), f"csv: a formula where {separator!r} separates: {cell!r}")


def badge(run, data):
    root = ElementTree.fromstring(data)
    space = "{http://www.w3.org/2000/svg}"
    equal(root.tag, space + "svg", "badge")
    names = Counter(element.tag.removeprefix(space) for element in root.iter())
    check(set(names) <= {"svg", "title", "desc", "clipPath", "rect", "g", "text"}, f"badge: elements {names}")
    equal(root.get("role"), "img", "badge: role")
    referred = [root.find(f".//*[@id='{name}']") for name in root.get("aria-labelledby").split()]
    check(all(element is not None and element.text for element in referred), "badge: no text for readers of screens")
    shown = [element.text for element in root.iter(space + "text")]
    equal(root.find(space + "title").text, ": ".join(shown), "badge: title")
    if run["decision"] != "laik" or not run["sertifikasi"]["dapat"]:
        check(b"#1b7a3d" not in data, "badge: green without a run that can be certified")


OUTPUTS = {
    "markdown": ("ringkasan.md", markdown),
    "csv": ("persyaratan.csv", table),
    "badge": ("lencana.svg", badge),
}


def main(pack, directory):
    run = json.loads(Path(pack, "run.json").read_text(encoding="utf-8"))
    check(run["requirements"], f"{pack}: no requirement")
    for name, (file, held) in OUTPUTS.items():
        data = Path(directory, file).read_bytes()
        held(run, data)
        print(f"{name:10} {len(data):8} B  {len(run['requirements'])} persyaratan")


if __name__ == "__main__":
    if sys.argv[1:] == ["--bentuk"]:
        for name, (file, _) in OUTPUTS.items():
            print(name, file)
    elif len(sys.argv) == 3:
        main(*sys.argv[1:])
    else:
        sys.exit(__doc__)
