"""What two builds of the program make of the same extracts, byte for byte: for a change that must change nothing.

    python3 tests/same_bytes.py BEFORE AFTER [--shared ../shared]
    python3 tests/same_bytes.py BEFORE AFTER --renamed made_from=input_hash --renamed part=partition

Plain Python 3.9. Both programs run the same stories in turn, in a folder of the same name: two nights of the demo
company and a third one with nothing new; the projects of `examples/` and the sources of `tests/datasets/` on the
extracts of `../shared/data`. After each night these are compared:

    tables     every Parquet file, by the lists of `warehouse/CURRENT.json`: names, order and content
    warehouse  what else lies in `warehouse/`: `CURRENT.json`, files of earlier versions
    state      what the versions in `warehouse/` hold, `out/outbox/` and the records in `out/runs/`
    documents  what else lies in `out/`: pages, scorecard.json, Markdown, mails
    project    settings, models and extracts, as far as the program writes them
    console    what the commands print, and their exit status

A state file may have other keys where `--renamed OLD=NEW` says so, and then another checksum of its own. What a clock
or the file system decides is left out: when a run started and ended, how long it took, `.seen` and `lock`.

Prints a line for each compared tree and a line for each difference; the exit status is 1 when anything differs.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Tuple

from stored_version import whole

ROOT = Path(__file__).resolve().parents[1]
TREES = ("tables", "warehouse", "state", "documents", "project", "console")
STATE = ("warehouse/versions/", "out/outbox/", "out/runs/")
LEFT_OUT = {".seen", "lock"}
SEALS = {"sha256", "seal"}
CLOCK = {"started_at", "finished_at"}
TOLD_PER_FILE = 5

# What a clock decides in the text of a command: `in 11.1 s`, the column `s` of the books, when a run ended.
TIMES = re.compile(r"(?<= in )\d+\.\d(?= s$)|(?<= )\d+\.\d(?=  |$)|(?<=, ended )\S+Z", re.MULTILINE)

EXAMPLES = {"incidents": "uci_incident_log", "store": "olist_sample", "airport": "sfo_passenger_survey"}
DATA_SET = 'name = "Data set"\ntime_zone = "UTC"\ncurrency = "EUR"\n'


@dataclass
class Story:
    """A project, and what is done with it, night after night."""

    name: str
    lay: Callable[[Path], None]
    """Writes the project into a folder."""
    nights: List[List[List[str]]]
    """The commands of each night; the first one decides whether the story means anything."""
    status: int = 0
    """What the first command of each night must end with before the change; afterwards it is compared."""


@dataclass
class Night:
    """What one build had made when the night was over: by tree, each file by name."""

    name: str
    trees: Dict[str, Dict[str, bytes]] = field(default_factory=lambda: {tree: {} for tree in TREES})


def demo() -> Story:
    def made(weeks: int, as_of: str) -> List[str]:
        return ["demo", ".", "--customers", "300", "--weeks", str(weeks), "--as-of", as_of]

    asked = [
        ["check"],
        ["status"],
        ["explain", "sla_attainment", "--period", "2026-W46"],
        ["quarantine", "list", "--rows"],
        ["query", "--tables"],
        ["render"],
    ]
    nights = [[made(80, "2026-11-16"), *asked], [made(81, "2026-11-23"), *asked], [made(81, "2026-11-23")]]
    return Story("demo", lambda folder: None, nights)


def example(name: str, extracts: Path) -> Story:
    project = ROOT / "examples" / name
    as_of = re.search(r'^as_of = "(.*)"$', (project / "reference.toml").read_text(), re.MULTILINE).group(1)
    ignored = shutil.ignore_patterns("extracts", "out", "warehouse")

    def lay(folder: Path) -> None:
        shutil.copytree(project, folder, ignore=ignored, dirs_exist_ok=True)

    run = ["run", "--as-of", as_of, "--extracts", str(extracts)]
    return Story(f"examples/{name}", lay, [[run, ["status"], ["quarantine", "list"]]])


def data_set(sources: Path, extracts: Path, status: int) -> Story:
    def lay(folder: Path) -> None:
        shutil.copytree(sources, folder / "pipelines" / "sources")
        (folder / "scorewright.toml").write_text(DATA_SET)

    run = ["run", "--as-of", "2026-11-23", "--extracts", str(extracts)]
    return Story(str(sources.relative_to(ROOT)), lay, [[run, ["quarantine", "list", "--rows"]]], status)


def stories(shared: Path) -> Iterator[Story]:
    yield demo()
    for name, extracts in EXAMPLES.items():
        yield example(name, shared / "data" / extracts / "raw")
    for folder in sorted((ROOT / "tests" / "datasets").iterdir()):
        extracts = shared / "data" / folder.name / "raw"
        for kind, status in (("sources", 0), ("refused", 3)):
            if (folder / kind).is_dir():
                yield data_set(folder / kind, extracts, status)


def run(program: Path, folder: Path, command: List[str]) -> Tuple[int, bytes]:
    """Runs the program in a folder without the caller's settings; gives its status and all that it prints."""
    ended = subprocess.run([program, "--log-format", "text", *command], cwd=folder, env={}, capture_output=True)
    text = "\n".join(part.decode() for part in (ended.stdout, ended.stderr))
    return ended.returncode, f"{TIMES.sub('(time)', text)}\nexit status {ended.returncode}\n".encode()


def files_below(folder: Path) -> Dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in LEFT_OUT)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def tree_of(name: str) -> str:
    if name.startswith(STATE):
        return "state"
    first = name.split("/")[0]
    return {"warehouse": "warehouse", "out": "documents"}.get(first, "project")


def look(night: Night, folder: Path) -> None:
    """Sorts everything that lies in a project into the trees of a night."""
    files = files_below(folder)
    current = json.loads(files.get("warehouse/CURRENT.json", b'{"tables": {}}'))
    for table, listed in current["tables"].items():
        for at, path in enumerate(listed):
            night.trees["tables"][f"{table}, file {at}: {path}"] = files.pop(f"warehouse/{path}")
    runs = 0
    # Where a version keeps what it holds is not compared, but what that is.
    files = {name: content for name, content in files.items() if not name.startswith("warehouse/manifests/")}
    for name, content in files.items():
        if name.startswith("warehouse/versions/"):
            content = json.dumps({"version": whole(folder / "warehouse", json.loads(content))}).encode()
        if name.startswith("out/runs/"):
            runs += 1
            name = f"out/runs/{runs}.json"
        night.trees[tree_of(name)][name] = content


def live(story: Story, program: Path, folder: Path, is_before: bool) -> Iterator[Night]:
    """All nights of a story with one build. The folder is gone afterwards, so that the next build has the same."""
    folder.mkdir()
    story.lay(folder)
    for number, commands in enumerate(story.nights, 1):
        night = Night(story.name if len(story.nights) == 1 else f"{story.name}, night {number}")
        for at, command in enumerate(commands):
            status, text = run(program, folder, command)
            if is_before and at == 0 and status != story.status:
                sys.exit(f"{night.name}: {' '.join(command)} is to end with {story.status}\n{text.decode()}")
            night.trees["console"][" ".join(command)] = text
        look(night, folder)
        yield night
    shutil.rmtree(folder)


def with_new_keys(value, renamed: Dict[str, str]):
    if isinstance(value, dict):
        return {renamed.get(key, key): with_new_keys(inner, renamed) for key, inner in value.items()}
    return [with_new_keys(inner, renamed) for inner in value] if isinstance(value, list) else value


def state(content: bytes, renamed: Dict[str, str]):
    """What a state file says, without what a clock decides; with renamed keys its checksum says nothing either."""
    try:
        value = json.loads(content)
    except ValueError:
        return content
    unsaid = CLOCK | (SEALS if renamed else set())
    return with_new_keys({key: inner for key, inner in value.items() if key not in unsaid}, renamed)


def between(before, after, path: str = "") -> Iterator[str]:
    """Where two JSON values differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            if key not in after or key not in before:
                yield f"{path}/{key} is only {'before' if key in before else 'after'}"
            else:
                yield from between(before[key], after[key], f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, pair in enumerate(zip(before, after)):
            yield from between(*pair, f"{path}/{at}")
    elif before != after:
        yield f"{path}: {str(before)[:100]} -> {str(after)[:100]}"


def in_bytes(before: bytes, after: bytes) -> str:
    """The first place where two files differ, with the line when they are text."""
    at = next((at for at, (one, two) in enumerate(zip(before, after)) if one != two), min(len(before), len(after)))
    told = f"{len(before):,} and {len(after):,} bytes differ from byte {at:,} on"
    if b"\0" in before + after:
        return told
    lines = [content[content.rfind(b"\n", 0, at) + 1:].split(b"\n")[0][:200] for content in (before, after)]
    return told + "".join(f"\n      {side} {line.decode(errors='replace')}" for side, line in zip("-+", lines))


def changes(tree: str, before: bytes, after: bytes, renamed: Dict[str, str]) -> List[str]:
    if before == after:
        return []
    if tree != "state":
        return [in_bytes(before, after)]
    told = list(between(state(before, renamed), state(after, renamed)))
    more = [f"and {len(told) - TOLD_PER_FILE} more"] if len(told) > TOLD_PER_FILE else []
    return told[:TOLD_PER_FILE] + more


def differences(tree: str, before: Dict[str, bytes], after: Dict[str, bytes], renamed: Dict[str, str]) -> List[str]:
    told = []
    for name in sorted(before.keys() | after.keys()):
        if name not in after or name not in before:
            told.append(f"{name}: only {'before' if name in before else 'after'}")
        else:
            told += [f"{name}: {change}" for change in changes(tree, before[name], after[name], renamed)]
    return told


def compare(before: Night, after: Night, renamed: Dict[str, str]) -> int:
    """Prints what was compared and what differs, and counts it."""
    count = 0
    for tree in TREES:
        ours, theirs = before.trees[tree], after.trees[tree]
        told = differences(tree, ours, theirs, renamed)
        if not ours and not theirs:
            continue
        size = sum(map(len, ours.values()))
        verdict = f"{len(told)} differences" if told else "the same"
        print(f"{before.name:48}{tree:10}{len(ours):>5} files{size:>13,} bytes  {verdict}", flush=True)
        for line in told:
            print(f"  {line}", flush=True)
        count += len(told)
    return count


def names(text: str) -> Tuple[str, str]:
    old, is_one, new = text.partition("=")
    if not (old and is_one and new):
        raise argparse.ArgumentTypeError("say OLD=NEW")
    return old, new


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares what two builds of the program make, byte for byte.")
    parser.add_argument("before", type=Path, help="the program as it was")
    parser.add_argument("after", type=Path, help="the program as it is")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared", help="where `data/` with the extracts lies")
    parser.add_argument("--renamed", type=names, action="append", default=[], metavar="OLD=NEW",
                        help="a key of state files that has another name now; may be given again")
    parser.add_argument("--only", default="", metavar="START", help="only stories whose name starts so: `demo`")
    asked = parser.parse_args()
    told = [story for story in stories(asked.shared.resolve()) if story.name.startswith(asked.only)]
    if not told:
        sys.exit(f"no story starts with `{asked.only}`")
    if not (asked.shared / "data").is_dir() and asked.only != "demo":
        sys.exit(f"no extracts in {asked.shared / 'data'}; name them with --shared, or compare with --only demo")
    count = 0
    with tempfile.TemporaryDirectory() as scratch:
        for story in told:
            made = []
            for is_before, program in ((True, asked.before), (False, asked.after)):
                # A link of one name, because messages say what the program is called.
                link = Path(scratch, "scorewright")
                link.symlink_to(program.resolve(strict=True))
                made.append(list(live(story, link, Path(scratch, "project"), is_before)))
                link.unlink()
            for before, after in zip(*made):
                count += compare(before, after, dict(asked.renamed))
    print(f"{count} differences" if count else "the same, byte for byte")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
