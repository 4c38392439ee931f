#!/usr/bin/env python3
"""Reads `laik selftest --json`: every seeded defect killed by its requirement, every lawful variant active and passed."""

import json
import sys

EMPTY = ["survived", "misattributed", "variants_inactive", "false_alarms", "errors"]


def main(path):
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    print({key: result[key] for key in ("requirements", "defects", "killed", "variants", "mixes")})
    faults = [f"{key}: {result[key]}" for key in EMPTY if result[key]]
    if result["killed"] != result["defects"] or not result["defects"]:
        faults.append(f"{result['killed']} of {result['defects']} defects killed")
    if not result["mixes"]:
        faults.append("no mix of lawful variants was judged")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
