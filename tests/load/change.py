#!/usr/bin/env python3
"""The changes of changes.json, each a merge patch (RFC 7396) of base.json's tables; "enums" are
those of the schema.

  change.py                names of all changes
  change.py NAME           the schema that NAME wants
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return json.load(file)


def merged(target, patch):
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def main():
    changes = read("changes.json")
    if len(sys.argv) < 2:
        print("\n".join(changes))
        return
    patch = dict(changes[sys.argv[1]])
    whole = {"enums": patch.pop("enums", {}), "tables": patch}
    print(json.dumps(merged(read("base.json"), whole), indent=2))


main()
