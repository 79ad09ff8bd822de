"""Checks a scorecard.json against docs/scorecard.schema.json: `scorecard_schema.py SCHEMA SCORECARD...`

A validator from outside the workspace, so that the engine's features stay the same for building and testing.
Needs the package `jsonschema`.
"""

import copy
import json
import sys

import jsonschema


def slips(scorecard):
    """Scorecards that the schema must refuse: an unknown key, a text for a number, something absent instead of null."""
    extra, wrong, absent = (copy.deepcopy(scorecard) for _ in range(3))
    extra["groups"][0]["lines"][0]["colour"] = "red"
    yield "an unknown key", extra
    wrong["groups"][0]["lines"][0]["value"] = "76.1 %"
    yield "a text in place of a number", wrong
    del absent["verdict"]["worst"]
    yield "what is missing is null, never absent", absent


def main(schema_path, *scorecard_paths):
    if not scorecard_paths:
        sys.exit("no scorecard was given")
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    validator.check_schema(schema)
    for path in scorecard_paths:
        with open(path, encoding="utf-8") as file:
            scorecard = json.load(file)
        validator.validate(scorecard)
        for what, slip in slips(scorecard):
            if validator.is_valid(slip):
                sys.exit(f"the schema lets through: {what}")
        print(f"fits its schema: {path}")


main(*sys.argv[1:])
