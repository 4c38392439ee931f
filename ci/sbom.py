"""The bill of materials of the program, CycloneDX 1.6, from `cargo metadata` and Cargo.lock alone: no network, no clock.

    sbom.py TRIPLE EPOCH >laik.cdx.json    writes it; EPOCH is SOURCE_DATE_EPOCH
    sbom.py --periksa FILE                 holds it against the official schema and the graph against its components

What is compiled in stands as required; what only built it (build scripts, procedural macros) as excluded.
"""

import datetime
import json
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def metadata(triple):
    """What cargo knows of the graph for one target."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", triple]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def reach(nodes, start, kinds, is_macro):
    """Packages that `start` reaches over edges of these kinds; a procedural macro ends in the compiler."""
    seen, open_ends = set(), [start]
    while open_ends:
        name = open_ends.pop()
        if name in seen or (kinds == {None} and is_macro(name)):
            continue
        seen.add(name)
        for dep in nodes[name]["deps"]:
            if kinds & {one["kind"] for one in dep["dep_kinds"]}:
                open_ends.append(dep["pkg"])
    return seen


def expression(licence):
    """A licence in SPDX; crates of old say `/` for OR."""
    return " OR ".join(part.strip() for part in licence.split("/"))


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, checksums, scope):
    found = {
        "type": "library",
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "scope": scope,
        "purl": purl(package),
    }
    if package["description"]:
        found["description"] = " ".join(package["description"].split())
    if package["license"]:
        found["licenses"] = [{"expression": expression(package["license"])}]
    if digest := checksums.get((package["name"], package["version"])):
        found["hashes"] = [{"alg": "SHA-256", "content": digest}]
    if package["repository"]:
        found["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return found


def bom(triple, epoch):
    data = metadata(triple)
    packages = {package["id"]: package for package in data["packages"]}
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root = data["resolve"]["root"]
    lock = (ROOT / "Cargo.lock").read_bytes()
    checksums = {(one["name"], one["version"]): one.get("checksum") for one in tomllib.loads(lock.decode())["package"]}

    def is_macro(name):
        return any("proc-macro" in target["kind"] for target in packages[name]["targets"])

    inside = reach(nodes, root, {None}, is_macro)
    all_of_it = reach(nodes, root, {None, "build"}, is_macro)
    own = packages[root]
    main = component(own, {}, "required") | {"type": "application"}
    del main["scope"]
    components = [
        component(packages[name], checksums, "required" if name in inside else "excluded") for name in all_of_it - {root}
    ]
    dependencies = []
    for name in all_of_it:
        deps = {
            purl(packages[dep["pkg"]])
            for dep in nodes[name]["deps"]
            if dep["pkg"] in all_of_it and {None, "build"} & {one["kind"] for one in dep["dep_kinds"]}
        }
        dependencies.append({"ref": purl(packages[name]), "dependsOn": sorted(deps)})
    seed = lock.decode() + triple + own["version"] + str(epoch)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(epoch, datetime.UTC).isoformat(),
            "lifecycles": [{"phase": "build"}],
            "component": main,
            "properties": [{"name": "laik:target", "value": triple}],
        },
        "components": sorted(components, key=lambda one: one["bom-ref"]),
        "dependencies": sorted(dependencies, key=lambda one: one["ref"]),
    }


def check(path):
    """Faults of a written bill: against the official schema, and of the graph."""
    # Only here: whoever makes a release needs no Python package for the bill itself.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = Path(path).read_text(encoding="utf-8")
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        yield str(fault)
    found = json.loads(text)
    names = [one["bom-ref"] for one in found["components"]] + [found["metadata"]["component"]["bom-ref"]]
    if len(names) != len(set(names)):
        yield "a component stands twice"
    for one in found["dependencies"]:
        if unknown := set([one["ref"], *one["dependsOn"]]) - set(names):
            yield f"edges to what is no component: {unknown}"
    scopes = {one["name"]: one["scope"] for one in found["components"]}
    # Known ends of the graph: TLS and the database are inside, the C compiler's driver and a macro are not.
    for name, scope in {"rustls": "required", "libsqlite3-sys": "required", "cc": "excluded", "serde_derive": "excluded"}.items():
        if scopes.get(name) != scope:
            yield f"{name} is {scopes.get(name)} in place of {scope}"
    for name in ("wiremock", "proptest", "criterion"):
        if name in scopes:
            yield f"{name} is for tests alone"
    for one in found["components"]:
        if not one.get("hashes") or not one.get("licenses"):
            yield f"{one['bom-ref']} is without digest or licence"


def main():
    if sys.argv[1] == "--periksa":
        faults = list(check(sys.argv[2]))
        for fault in faults:
            print(f"{sys.argv[2]}: {fault}", file=sys.stderr)
        return 1 if faults else 0
    json.dump(bom(sys.argv[1], int(sys.argv[2])), sys.stdout, indent=1, ensure_ascii=False)
    print()
    return 0


sys.exit(main())
