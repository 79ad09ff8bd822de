"""Takes the guards of the code away, one at a time: the hostile cases must turn red.

    python3 tests/mutants.py --target /tmp/mutants-target
    python3 tests/mutants.py --target /tmp/mutants-target --only NUL --only formula

Copies the checkout to a temporary folder, replaces the text of one guard of `tests/hostile/guards.toml`, builds,
and runs the family of its case. Red means that the case of the guard is among the failures. Ends with 1 where a
mutant is not red, or is none because it does not build.
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


def verdict(guard, checkout, target, options):
    """`red`, or what else became of the mutant."""
    if cargo(checkout, target, *options, "--test", "scenarios", "--no-run").returncode != 0:
        return "does not build"
    family = guard["case"].split("/")[0]
    told = cargo(
        checkout, target, *options, "--test", "scenarios", "--", SUITE, "--exact", SCOREWRIGHT_HOSTILE=family
    )
    failed = re.findall(r"^FAILED (\S+)$", told.stdout + told.stderr, re.MULTILINE)
    if guard["case"] in failed:
        return "red"
    return f"another case fails: {', '.join(failed)}" if failed else "NOT NOTICED"


def mutated(guard, checkout, target, options):
    path = checkout / guard["file"]
    sound = path.read_text(encoding="utf-8")
    if sound.count(guard["text"]) != 1:
        return "its text is not there once"
    path.write_text(sound.replace(guard["text"], guard["without"]), encoding="utf-8")
    try:
        return verdict(guard, checkout, target, options)
    finally:
        path.write_text(sound, encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--target", required=True, type=pathlib.Path, help="folder of what is built")
    arguments.add_argument("--only", action="append", default=[], help="guards whose name has this word")
    arguments.add_argument("--offline", action="store_true", help="ask no registry")
    asked = arguments.parse_args()
    options = ["--offline"] if asked.offline else []
    chosen = guards(asked.only)
    if not chosen:
        sys.exit("no guard has such a name")
    are_red = True
    with tempfile.TemporaryDirectory() as folder:
        checkout = copied(pathlib.Path(folder))
        for guard in chosen:
            begun = time.monotonic()
            found = mutated(guard, checkout, asked.target.resolve(), options)
            are_red = are_red and found == "red"
            print(f"{found:<12} {time.monotonic() - begun:5.0f} s  {guard['case']:<50} {guard['name']}", flush=True)
    sys.exit(0 if are_red else 1)


if __name__ == "__main__":
    main()
