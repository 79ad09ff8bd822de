"""Takes the guards of the code away: the hostile cases must turn red.

    python3 tests/mutants.py --target /tmp/mutants-target
    python3 tests/mutants.py --target /tmp/mutants-target --only NUL --only formula

Copies the checkout to a temporary folder, replaces the texts of guards of `tests/hostile/guards.toml`, builds, and
runs the families of their cases. Guards share a build where their cases are of different families, so that a case
that turns red names its guard; `--one-by-one` gives each a build of its own. Red means that the case of the guard is
among the failures; what else fails in its family is told. Ends with 1 where a mutant is not red, or does not build.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SUITE = "hostile_cases::each_hostile_case_ends_as_its_file_says"


def guards(only):
    text = (ROOT / "tests/hostile/guards.toml").read_text(encoding="utf-8")
    every = tomllib.loads(text)["guard"]
    return [guard for guard in every if not only or any(word in guard["name"] for word in only)]


def copied(to):
    """The checkout without its history and what was built; times stay, so that little is built again."""
    left_out = shutil.ignore_patterns(".git", "target")
    return pathlib.Path(shutil.copytree(ROOT, to / "checkout", ignore=left_out))


def cargo(checkout, target, *words, **environment):
    command = ["cargo", "test", "--workspace", "--locked", *words]
    settings = os.environ | {"CARGO_TARGET_DIR": str(target), **environment}
    return subprocess.run(command, cwd=checkout, env=settings, capture_output=True, text=True, check=False)


def family(guard):
    return guard["case"].split("/")[0]


def batches(chosen, one_by_one):
    """Guards that share a build: no family comes twice in one."""
    shared = []
    for guard in chosen:
        open_to = [] if one_by_one else [batch for batch in shared if all(family(guard) != family(other) for other in batch)]
        if open_to:
            open_to[0].append(guard)
        else:
            shared.append([guard])
    return shared


def verdict(guard, checkout, target, options):
    """`red`, or what else became of the mutant."""
    told = cargo(
        checkout, target, *options, "--test", "scenarios", "--", SUITE, "--exact", SCOREWRIGHT_HOSTILE=family(guard)
    )
    failed = re.findall(r"^FAILED (\S+)$", told.stdout + told.stderr, re.MULTILINE)
    if guard["case"] not in failed:
        return f"another case fails: {', '.join(failed)}" if failed else "NOT NOTICED"
    others = sorted(set(failed) - {guard["case"]})
    return "red" + (f" (with {', '.join(others)})" if others else "")


def taken_away(guards_of_batch, checkout):
    """The sound text of each file that is changed, by path."""
    sound = {}
    for guard in guards_of_batch:
        path = checkout / guard["file"]
        text = path.read_text(encoding="utf-8")
        if text.count(guard["text"]) != 1:
            sys.exit(f"{guard['file']} does not hold the text of its guard once: {guard['name']}")
        sound.setdefault(path, text)
        path.write_text(text.replace(guard["text"], guard["without"]), encoding="utf-8")
    return sound


def tried(batch, checkout, target, options):
    """What became of each guard of the batch."""
    sound = taken_away(batch, checkout)
    try:
        built = cargo(checkout, target, *options, "--test", "scenarios", "--no-run")
        if built.returncode != 0:
            print(built.stderr[-2000:], file=sys.stderr)
            return [(guard, "does not build") for guard in batch]
        return [(guard, verdict(guard, checkout, target, options)) for guard in batch]
    finally:
        for path, text in sound.items():
            path.write_text(text, encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--target", required=True, type=pathlib.Path, help="folder of what is built")
    arguments.add_argument("--only", action="append", default=[], help="guards whose name has this word")
    arguments.add_argument("--one-by-one", action="store_true", help="a build for each guard")
    arguments.add_argument("--offline", action="store_true", help="ask no registry")
    asked = arguments.parse_args()
    options = ["--offline"] if asked.offline else []
    chosen = guards(asked.only)
    if not chosen:
        sys.exit("no guard has such a name")
    are_red = True
    with tempfile.TemporaryDirectory() as folder:
        checkout = copied(pathlib.Path(folder))
        for batch in batches(chosen, asked.one_by_one):
            begun = time.monotonic()
            for guard, found in tried(batch, checkout, asked.target.resolve(), options):
                are_red = are_red and found.startswith("red")
                print(f"{guard['case']:<50} {found}: {guard['name']}", flush=True)
            print(f"{len(batch)} guards in {time.monotonic() - begun:.0f} s", flush=True)
    sys.exit(0 if are_red else 1)


if __name__ == "__main__":
    main()
