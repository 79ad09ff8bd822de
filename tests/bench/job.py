"""The whole job beside DuckDB: extracts, checked facts, KPI values, and ours also to pages."""

import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import job_project
from meter import keep, take

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEER = ("duckdb_job.py", "duckdb_kpis.py", "duckdb_tables.py", "duckdb_tenures.py")
TITLE = "pipelines/metrics/nps.toml"
NOTHING_NEW = 4
# Reports of the project whose pages are counted a second, and the customers of its small company.
REPORTS, FEW_CUSTOMERS = 200, 100


def peer_hash() -> str:
    """SHA-256 of the scripts of the peer, one after the other."""
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PEER)).hexdigest()


class WholeJob:
    def __init__(self, options, binary: Path, target: Path):
        self.options, self.binary, self.records = options, binary, target / "bench.jsonl"
        self.work = (options.work or target / "bench").resolve() / "job"
        self.cores = sorted(os.sched_getaffinity(0))[: None if options.cores == "all" else int(options.cores)]
        self.lines: list[dict] = []
        self.is_same = True
        version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
        # A version does not tell one build from another.
        build = hashlib.sha256(binary.read_bytes()).hexdigest()[:12]
        self.about = {"scorewright": version.split()[-1], "binary": build, "duckdb": importlib.metadata.version("duckdb"),
                      "python": platform.python_version(), "linux": platform.release(), "processors": os.cpu_count(),
                      "peer": peer_hash()[:12], "as_of": options.as_of}

    def prepare(self) -> None:
        """Extracts and states, kept while binary, peer and size are the same."""
        options, made_by = self.options, self.work / "made-by"
        stamp = f"{self.binary.stat().st_mtime_ns} {peer_hash()} {options.customers} {options.as_of} {len(self.cores)}"
        if made_by.exists() and made_by.read_text() == stamp:
            return
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        say("making extracts")
        job_project.make_demo(self.binary, self.work / "demo", options.customers, options.as_of)
        for months in job_project.HISTORIES:
            job_project.split_days(self.work / "demo" / "extracts", self.work / str(months), months, options.as_of)
        # A file that has just changed is read once more; a history is older than that.
        time.sleep(3)
        before = job_project.day_before(options.as_of)
        for months in job_project.HISTORIES:
            say(f"making the state of {months} months before the day")
            folder = self.work / str(months)
            for who, command in (("ours", self.ours(folder / "extracts", folder / "ours", before)),
                                 ("duckdb", self.peer(folder / "extracts", folder / "duckdb", before))):
                take(command, self.cores, self.work / "last.log")
        self.prepare_reports()
        made_by.write_text(stamp)

    def prepare_reports(self) -> None:
        """A small company with many reports, measured once; what is timed renders them again."""
        demo = self.work / "reports"
        job_project.make_demo(self.binary, demo, FEW_CUSTOMERS, self.options.as_of)
        first = demo / "reports" / "scorecard"
        for number in range(1, REPORTS):
            shutil.copytree(first, first.with_name(f"scorecard_{number}"))
        take(self.ours(demo / "extracts", demo / "state", self.options.as_of, demo), self.cores, self.work / "last.log")

    def ours(self, extracts: Path, state: Path, as_of: str, project: Path | None = None) -> list:
        return [self.binary, "run", "--project", project or self.work / "demo", "--extracts", extracts, "--state", state,
                "--as-of", as_of, "--log-format", "json"]

    def peer(self, extracts: Path, out: Path, as_of: str) -> list:
        return [sys.executable, HERE / PEER[0], extracts, out, as_of, str(len(self.cores)), self.options.peer_memory]

    def measure(self, case: str, who: str, command: list, end: int = 0, more=dict) -> None:
        """Runs a command once and keeps what it took; `more` says what else, once it has ended."""
        log = self.work / "last.log"
        line = {"case": case, "who": who, "customers": self.options.customers, **take(command, self.cores, log, end)}
        line |= (told_by_us(log) if who == "ours" else told_by_peer(log)) | more()
        self.lines.append(line)
        keep(self.records, line | self.about)
        say(f"{case}, {who}: {line['wall']:.2f} s, {line['cpu']:.2f} CPU s, {line['rss'] >> 20} MB")

    def pair(self, number: int) -> None:
        """Every case once, the two in turn."""
        is_last = number == self.options.pairs - 1
        self.full(number % 2 == 0)
        if is_last:
            self.compare("full", self.work / "full" / "ours", self.work / "full" / "duckdb")
        state, out = self.work / "full" / "ours", self.work / "full" / "duckdb"
        extracts = self.work / "demo" / "extracts"
        self.measure("nothing new", "ours", [*self.ours(extracts, state, self.options.as_of), "--require-new"], NOTHING_NEW)
        self.measure("nothing new", "duckdb", self.peer(extracts, out, self.options.as_of))
        self.title(extracts, state)
        for months in job_project.HISTORIES:
            self.day(months, number % 2 == 0, is_last)
        self.scorecards()

    def full(self, is_ours_first: bool) -> None:
        extracts, folder = self.work / "demo" / "extracts", self.work / "full"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        pair = [("ours", self.ours(extracts, folder / "ours", self.options.as_of)),
                ("duckdb", self.peer(extracts, folder / "duckdb", self.options.as_of))]
        for who, command in pair if is_ours_first else reversed(pair):
            # What ran before may have pushed the extracts out of memory: both find them there.
            subprocess.run(["cat", *extracts.iterdir()], stdout=subprocess.DEVNULL, check=True)
            self.measure("full", who, command)

    def title(self, extracts: Path, state: Path) -> None:
        """A title is edited, and the project run again: no number changes."""
        path = self.work / "demo" / TITLE
        words = path.read_text()
        path.write_text(words.replace('title = "', 'title = "Our ', 1))
        try:
            self.measure("title", "ours", self.ours(extracts, state, self.options.as_of))
        finally:
            path.write_text(words)

    def day(self, months: int, is_ours_first: bool, is_compared: bool) -> None:
        """One more day on a history. Extracts of before stay where they are, the day is linked beside them."""
        folder, states = self.work / str(months), self.work / "day"
        shutil.rmtree(states, ignore_errors=True)
        for who in ("ours", "duckdb"):
            shutil.copytree(folder / who, states / who, symlinks=True)
        files = list((folder / "day").iterdir())
        links = [folder / "extracts" / file.name for file in files]
        for file, link in zip(files, links):
            link.hardlink_to(file)
        delivered = sum(file.stat().st_size for file in files)
        pair = [("ours", self.ours(folder / "extracts", states / "ours", self.options.as_of)),
                ("duckdb", self.peer(folder / "extracts", states / "duckdb", self.options.as_of))]
        try:
            for who, command in pair if is_ours_first else reversed(pair):
                self.measure(f"day on {months} months", who, command, more=lambda: {
                    "delivered": delivered, "made": made(folder / who, states / who)})
        finally:
            for link in links:
                link.unlink()
        if is_compared:
            self.compare(f"day on {months} months", states / "ours", states / "duckdb")

    def scorecards(self) -> None:
        demo = self.work / "reports"
        rendered = demo / "state" / "out" / "rendered"
        shutil.rmtree(rendered, ignore_errors=True)
        command = [self.binary, "render", "--project", demo, "--state", demo / "state", "--log-format", "json"]
        self.measure("scorecards", "ours", command, more=lambda: {
            "pages": len(list(rendered.glob("*/scorecard.html")))})
        if self.lines[-1]["pages"] != REPORTS:
            sys.exit(f"{self.lines[-1]['pages']} of {REPORTS} reports were rendered to {rendered}")

    def large(self) -> None:
        """The full run at another size, once: what a row takes there."""
        options, small = self.options, self.work
        options.customers, self.work = options.large, small.with_name("job-large")
        shutil.rmtree(self.work, ignore_errors=True)
        job_project.make_demo(self.binary, self.work / "demo", options.large, options.as_of)
        self.full(True)
        self.compare(f"full, {options.large} customers", self.work / "full" / "ours", self.work / "full" / "duckdb")
        shutil.rmtree(self.work)

    def compare(self, case: str, state: Path, out: Path) -> None:
        print(f"{case}: facts and values beside DuckDB's", flush=True)
        command = [sys.executable, HERE / "job_agreement.py", state / "warehouse", out]
        self.is_same = subprocess.run(command).returncode == 0 and self.is_same


def told_by_us(log: Path) -> dict:
    """Steps of a run in seconds, and its counts, from its log."""
    events = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    steps = {event["step"]: event["ms"] / 1000 for event in events if event["event"] == "step_finished"}
    ends = [event for event in events if event["event"] == "run_finished"]
    counts = ends[-1] if ends else {}
    return {"steps": steps, "rows": counts.get("rows_read", 0), "metrics_measured": counts.get("metrics_measured", 0),
            "tables_built": counts.get("tables_built", 0)}


def told_by_peer(log: Path) -> dict:
    words = log.read_text().strip()
    return {"steps": json.loads(words.splitlines()[-1]) if words else {}}


def made(before: Path, after: Path) -> int:
    """Bytes of files that are new or written again."""
    former, later = ({path.relative_to(folder): (path.stat().st_size, path.stat().st_mtime_ns)
                      for path in folder.rglob("*") if path.is_file()} for folder in (before, after))
    return sum(size for path, (size, written_at) in later.items() if former.get(path) != (size, written_at))


def say(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)
