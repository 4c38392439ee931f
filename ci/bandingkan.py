#!/usr/bin/env python3
"""Compares the verdicts of a run with the expected ones of a real application.

    bandingkan.py diharapkan.toml run.json

Every requirement of the run must stand in diharapkan.toml, with the verdict that it got; the legs that failed must be the
ones that are named as `kaki_gagal` (and were confirmed by hand), and none beside these but those of `kaki_mungkin_gagal`,
which hang on what else is in the application at that moment; warnings are no failures; and at least `harus_diputuskan` requirements must be decided, PASS or
FAIL, so that "no ERROR" cannot be reached by leaving everything undecided.
"""

import json
import sys
import tomllib

DECIDED = {"PASS", "FAIL"}


def main(expected_path, run_path):
    with open(expected_path, "rb") as file:
        expected = tomllib.load(file)
    with open(run_path, encoding="utf-8") as file:
        run = json.load(file)

    faults = []
    wanted = dict(expected["persyaratan"])
    decided = 0
    for requirement in run["requirements"]:
        name = requirement["id"]
        outcome = requirement["outcome"]
        got = outcome["verdict"]
        told = " ".join(filter(None, [got, outcome.get("reason"), outcome.get("claim"), outcome.get("fault")]))
        print(f"{name}  {told}")
        decided += got in DECIDED
        entry = wanted.pop(name, None)
        if entry is None:
            faults.append(f"{name}: not in {expected_path}")
            continue
        if not entry.get("alasan", "").strip():
            faults.append(f"{name}: expected without a reason (alasan)")
        if got != entry["putusan"]:
            faults.append(f"{name}: {told} in place of {entry['putusan']}")
        if "sebab" in entry and outcome.get("reason") != entry["sebab"]:
            faults.append(f"{name}: reason {outcome.get('reason')} in place of {entry['sebab']}")
        failed = sorted(
            f"{row['label']}: {leg['key']}"
            for row in requirement["rows"]
            for leg in row["legs"]
            if leg["outcome"]["verdict"] == "FAIL" and leg["strength"] != "peringatan"
        )
        certain = set(entry.get("kaki_gagal", []))
        possible = certain | set(entry.get("kaki_mungkin_gagal", []))
        if missing := sorted(certain - set(failed)):
            faults.append(f"{name}: legs that did not fail: {missing}")
        if further := sorted(set(failed) - possible):
            faults.append(f"{name}: legs that failed, too: {further}")
        if got == "FAIL" and not entry.get("konfirmasi"):
            faults.append(f"{name}: a FAIL that nobody confirmed by hand (konfirmasi)")
    faults += [f"{name}: expected, but not in the run" for name in wanted]
    if not run["complete"]:
        faults.append("the run is not complete")
    if decided < expected["harus_diputuskan"]:
        faults.append(f"{decided} requirements decided, at least {expected['harus_diputuskan']} must be")
    for fault in faults:
        print(f"differs: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
