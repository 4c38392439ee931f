#!/usr/bin/env python3
"""Holds the outputs of a pack against the official schemas and against run.json.

    keluaran.py --bentuk        prints each format with the name of its file
    keluaran.py --sertifikat PDF checks a printed certificate
    keluaran.py PACK DIR        checks the outputs that lie in DIR; PACK/run.json says what they must tell

Every check counts what it reads and compares with run.json, so that an empty output cannot pass.
"""

import csv
import io
import json
import re
import sys
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pikepdf
import pypdfium2
import rdflib
import regex
import zxingcpp
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
    base.check_schema(schema, format_checker=jsonschema.FormatChecker(formats=()))
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


def sarif(run, data):
    document = json.loads(data)
    validate(document, "sarif-2.1.0.schema.json")
    (only,) = document["runs"]
    words = {
        "PASS": ("pass", "none"),
        "FAIL": ("fail", "error"),
        "FAIL dianjurkan": ("fail", "warning"),
        "INCONCLUSIVE": ("open", "none"),
        "AWAITING_REVIEW": ("review", "none"),
        "NOT_APPLICABLE": ("notApplicable", "none"),
        "NOT_RUN": ("open", "none"),
        "ERROR": ("open", "none"),
    }
    wanted = {r["id"]: words[line(r)] for r in run["requirements"]}
    equal({r["ruleId"]: (r["kind"], r["level"]) for r in only["results"]}, wanted, "sarif: kind and level")
    rules = only["tool"]["driver"]["rules"]
    prints = set()
    for result in only["results"]:
        equal(rules[result["ruleIndex"]]["id"], result["ruleId"], "sarif: ruleIndex")
        prints.add(result["partialFingerprints"]["persyaratan/v1"])
        for location in result["locations"]:
            place = location["physicalLocation"]["artifactLocation"]
            if place["uriBaseId"] == "STANDAR" and place["uri"].endswith(".feature") and run["target"]["sandbox"]:
                text = (ROOT / place["uri"]).read_text(encoding="utf-8").splitlines()
                at = location["physicalLocation"]["region"]["startLine"]
                check(re.match(r"\s*(Skenario|Kerangka Skenario|Garis Besar|\|)", text[at - 1]), f"sarif: {place} {at}")
    equal(len(prints), len(only["results"]), "sarif: fingerprints")
    (invocation,) = only["invocations"]
    errors = sorted(r["id"] for r in run["requirements"] if r["outcome"]["verdict"] == "ERROR")
    noted = [n.get("associatedRule", {}).get("id") for n in invocation["toolExecutionNotifications"]]
    equal(sorted(filter(None, noted)), errors, "sarif: notifications")
    equal(len(noted), len(errors) + len(run.get("faults", [])), "sarif: notifications")
    equal(invocation["executionSuccessful"], run["complete"] and not noted, "sarif: executionSuccessful")


def ctrf(run, data):
    document = json.loads(data)
    validate(document, "ctrf.schema.json")
    words = {"PASS": "passed", "FAIL": "failed", "NOT_APPLICABLE": "skipped", "AWAITING_REVIEW": "pending", "NOT_RUN": "pending"}
    wanted = {r["id"]: words.get(line(r), "other") for r in run["requirements"]}
    tests = document["results"]["tests"]
    equal({test["testId"]: test["status"] for test in tests}, wanted, "ctrf: status")
    counts = Counter(wanted.values())
    summary = document["results"]["summary"]
    for status in ("passed", "failed", "skipped", "pending", "other"):
        equal(summary[status], counts[status], f"ctrf: {status}")
    equal(summary["tests"], len(tests), "ctrf: tests")


def earl(run, data):
    """An RDF library reads it, offline, and counts verdicts by SPARQL."""
    graph = rdflib.Graph().parse(data=data.decode("utf-8"), format="json-ld")
    prefix = "PREFIX earl: <http://www.w3.org/ns/earl#> PREFIX dct: <http://purl.org/dc/terms/>\n"
    rows = graph.query(
        prefix
        + """SELECT ?verdict ?outcome ?mode (COUNT(DISTINCT ?assertion) AS ?count) WHERE {
            ?assertion a earl:Assertion ; earl:assertedBy ?who ; earl:subject ?what ; earl:test ?test ;
                earl:mode ?mode ; earl:result ?result .
            ?who a earl:Assertor . ?what a earl:TestSubject . ?test a earl:TestCriterion ; dct:identifier ?id .
            ?result a earl:TestResult ; earl:outcome ?outcome ; dct:identifier ?verdict .
        } GROUP BY ?verdict ?outcome ?mode"""
    )
    local = lambda node: str(node).rpartition("#")[2]
    got = {(str(verdict), local(outcome), local(mode)): int(count) for verdict, outcome, mode, count in rows}
    words = {
        "PASS": "passed",
        "FAIL": "failed",
        "INCONCLUSIVE": "cantTell",
        "AWAITING_REVIEW": "cantTell",
        "NOT_APPLICABLE": "inapplicable",
        "NOT_RUN": "untested",
        "ERROR": "cantTell",
    }
    lines = [line(r).split()[0] for r in run["requirements"]]
    wanted = Counter((one, words[one], "manual" if one == "AWAITING_REVIEW" else "automatic") for one in lines)
    equal(got, dict(wanted), "earl: assertions by verdict")
    # By the summary of the run, too, which was counted by laik.
    by_outcome = Counter()
    for (verdict, outcome, _), count in got.items():
        by_outcome[outcome] += count
    summary = {verdict: sum(by_level.values()) for verdict, by_level in run["summary"].items()}
    equal(by_outcome["passed"], summary["PASS"], "earl: passed")
    equal(by_outcome["failed"], summary["FAIL"], "earl: failed")
    equal(by_outcome["cantTell"], summary["INCONCLUSIVE"] + summary["ERROR"], "earl: cantTell")
    equal(by_outcome["untested"], summary["NOT_RUN"], "earl: untested")
    vocabulary = {t for t in graph.objects(None, rdflib.RDF.type)}
    own = ("http://www.w3.org/ns/earl#", "http://usefulinc.com/ns/doap#")
    check(all(str(kind).startswith(own) for kind in vocabulary), f"earl: types {vocabulary}")


def oscal(run, data):
    document = json.loads(data)
    validate(document, "oscal-assessment-results-1.2.1.schema.json")
    results = document["assessment-results"]
    (only,) = results["results"]
    name = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
    of_standard = [r for r in run["requirements"] if name.fullmatch(r["id"])]
    equal(len(of_standard), len(run["requirements"]), "oscal: identifiers")
    (selection,) = only["reviewed-controls"]["control-selections"]
    reviewed = {control["control-id"] for control in selection["include-controls"]}
    equal(reviewed, {r["id"] for r in of_standard if line(r) != "NOT_APPLICABLE"}, "oscal: reviewed controls")
    words = {
        "PASS": ("satisfied", "pass"),
        "FAIL": ("not-satisfied", "fail"),
        "FAIL dianjurkan": ("satisfied", "other"),
        "INCONCLUSIVE": ("not-satisfied", "other"),
        "AWAITING_REVIEW": ("not-satisfied", "other"),
        "NOT_RUN": ("not-satisfied", "other"),
    }
    wanted = {r["id"]: words[line(r)] for r in of_standard if line(r) in words}
    got = {f["target"]["target-id"]: f["target"]["status"] for f in only["findings"]}
    equal({key: (s["state"], s["reason"]) for key, s in got.items()}, wanted, "oscal: findings")
    for key, status in got.items():
        equal("remarks" in status, status["reason"] == "other", f"oscal: remarks of {key}")
    # Identifiers follow from the pack, by Python's own UUID version 5.
    ours = uuid.UUID("6f1c8e52-0b9d-4a37-9c41-d25e73a814bf")
    pack = uuid.uuid5(ours, f"pak {run['run']} {run['evidence']['sha256']}")
    equal(results["uuid"], str(uuid.uuid5(pack, "oscal")), "oscal: uuid")
    observations = {o["uuid"]: o for o in only["observations"]}
    equal(len(observations), len(run["requirements"]), "oscal: observations")
    for finding in only["findings"]:
        (related,) = finding["related-observations"]
        check(related["observation-uuid"] in observations, "oscal: an observation that is not there")
    resources = {f"#{resource['uuid']}" for resource in results["back-matter"]["resources"]}
    used = {e["href"] for o in only["observations"] for e in o["relevant-evidence"]} | {results["import-ap"]["href"]}
    check(used <= resources, f"oscal: resources that are not there {used - resources}")


def paper(data, pages):
    """Structure by qpdf (pikepdf), picture and text by PDFium, the code by ZXing. Gives the text and the code's."""
    with pikepdf.open(io.BytesIO(data)) as document:
        faults = document.check_pdf_syntax()
        check(not faults, f"pdf: {faults}")
        equal(len(document.pages), pages, "pdf: pages")
        root = document.Root
        check(bool(root.MarkInfo.Marked) and str(root.Lang), "pdf: not tagged, or without a language")
        kinds = Counter()

        def walk(node):
            if isinstance(node, pikepdf.Array):
                for child in node:
                    walk(child)
            elif isinstance(node, pikepdf.Dictionary):
                if kind := node.get("/S"):
                    kinds[str(kind)] += 1
                    check(kind != "/Figure" or str(node.get("/Alt", "")), "pdf: a figure without a text")
                if "/K" in node:
                    walk(node.K)

        walk(root.StructTreeRoot.K)
        check(kinds["/H1"] == 1 and kinds["/Table"] and kinds["/TH"] and kinds["/Figure"] == 1, f"pdf: structure {kinds}")
        with document.open_metadata() as metadata:
            known = (metadata.pdfa_status, metadata.get("pdfuaid:part"))
        equal(known, ("2A", "1"), "pdf: conformance that it claims")
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary):
                active = {"/JavaScript", "/JS", "/Launch", "/URI", "/OpenAction", "/AA", "/EmbeddedFiles"} & set(item.keys())
                check(not active, f"pdf: {active}")
                if item.get("/Type") == "/FontDescriptor":
                    check({"/FontFile2", "/FontFile3"} & set(item.keys()), "pdf: a font that is not embedded")
    with pypdfium2.PdfDocument(data) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
        pictures = [page.render(scale=2).to_pil().convert("L") for page in document]
    for picture in pictures:
        dark = sum(picture.histogram()[:128])
        check(1_000 < dark < picture.width * picture.height / 2, f"pdf: a page with {dark} dark points")
    codes = zxingcpp.read_barcodes(pictures[0])
    equal(len(codes), 1, "pdf: codes on the first page")
    return text, codes[0].text


def summary(run, data):
    text, code = paper(data, 2)
    wanted = urllib.parse.urlencode(
        {
            "run": run["run"],
            "bukti": run["evidence"]["sha256"],
            "pernyataan": run["target"]["statement_digest"],
            "keputusan": run["decision"],
        }
    )
    equal(code, f"laik:paket?{wanted}", "pdf: code")
    words = {"laik": "LAIK", "tidak_laik": "TIDAK LAIK", "belum_dapat_diputuskan": "BELUM DAPAT DIPUTUSKAN"}
    check(words[run["decision"]] in text, "pdf: no decision")
    first = text.split()
    for verdict, by_level in run["summary"].items():
        check(str(by_level["wajib"]) in first, f"pdf: no count of {verdict}")


OUTPUTS = {
    "markdown": ("ringkasan.md", markdown),
    "csv": ("persyaratan.csv", table),
    "badge": ("lencana.svg", badge),
    "sarif": ("laik.sarif", sarif),
    "ctrf": ("ctrf.json", ctrf),
    "earl": ("earl.jsonld", earl),
    "oscal": ("oscal.json", oscal),
    "pdf": ("ringkasan.pdf", summary),
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
    elif len(sys.argv) == 3 and sys.argv[1] == "--sertifikat":
        text, code = paper(Path(sys.argv[2]).read_bytes(), 1)
        check("Sertifikat Kesesuaian" in text and code.startswith("laik:sertifikat?nomor="), "a certificate without its code")
        print(f"sertifikat {code}")
    elif len(sys.argv) == 3:
        main(*sys.argv[1:])
    else:
        sys.exit(__doc__)
