"""Speed and memory of the release binary beside DuckDB, on the extracts of the demo company.

    just bench                              20,000 customers: half a million tickets
    just bench --customers 400000           10 million tickets: 11 GB of extracts, as many of memory and disk
    python3 tests/bench/bench.py --help

Both land the same files by the same source files, on the same processors, in turn; what they landed is compared row
by row, and a difference fails the run (exit status 1). Compare the ratios, and CPU seconds before wall: other work on
the machine disturbs both alike. Every measurement is a line of `target/bench.jsonl`. Needs Linux, Python 3.11, and
DuckDB: `pip install duckdb`.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
AS_OF = "2026-11-23"
TICKETS = "zendesk_tickets"

# Starts a command and prints wall seconds, CPU seconds, peak KiB and exit status. A process of its own, and a bare
# one: a command's peak is never below that of the process it was forked from.
METER = """
import os, sys, time
cores, log, *command = sys.argv[1:]
os.sched_setaffinity(0, map(int, cores.split(",")))
start = time.perf_counter()
child = os.fork()
if child == 0:
    to = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(to, 1), os.dup2(to, 2)
    os.execvp(command[0], command)
_, status, used = os.wait4(child, 0)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""

# At most this share of what DuckDB takes, or this much; from the issue "Ingest".
GOALS = {"land": {"wall": 0.50, "cpu": 0.50, "rss": 0.75}, "idle": {"wall": 0.030, "rss": 30e6}}
MOST_RSS = 512e6


class Bench:
    def __init__(self, options: argparse.Namespace):
        self.options, self.target = options, Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
        self.work = (options.work or self.target / "bench").resolve()
        self.binary = (options.binary or self.build()).resolve()
        self.demo, self.extracts = self.work / "demo", self.work / "demo" / "extracts"
        self.lines: list[dict] = []
        self.about = {
            "scorewright": said(self.binary, "--version").split()[-1], "duckdb": importlib.metadata.version("duckdb"),
            "python": platform.python_version(), "kernel": platform.release(), "customers": options.customers,
        }

    def build(self) -> Path:
        subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
        return self.target / "release" / "scorewright"

    def prepare(self) -> None:
        """Extracts, kept while binary and size are the same, and projects of sources alone."""
        self.work.mkdir(parents=True, exist_ok=True)
        stamp, made = self.work / "made-by", f"{self.binary.stat().st_mtime_ns} {self.options.customers}"
        if not stamp.exists() or stamp.read_text() != made:
            stamp.unlink(missing_ok=True)
            shutil.rmtree(self.demo, ignore_errors=True)
            size = ["--customers", str(self.options.customers), "--as-of", AS_OF]
            subprocess.run([self.binary, "demo", self.demo, *size, "--only-extracts"], check=True)
            stamp.write_text(made)
        for name, sources in (("tickets", f"{TICKETS}.toml"), ("all", "*.toml")):
            project = self.work / name
            shutil.rmtree(project, ignore_errors=True)
            (project / "pipelines" / "sources").mkdir(parents=True)
            shutil.copy(self.demo / "scorewright.toml", project)
            for source in (self.demo / "pipelines" / "sources").glob(sources):
                shutil.copy(source, project / "pipelines" / "sources")

    def files(self, case: str) -> list[Path]:
        return sorted(self.extracts.glob(f"{TICKETS}*" if case == "land tickets" else "*"))

    def measure(self, case: str, who: str, cores: list[int], command: list, out: Path | None = None) -> None:
        """Runs a command once and keeps what it took. `out`: removed before, its Parquet counted after."""
        if out:
            shutil.rmtree(out, ignore_errors=True)
        os.sync()
        load, log = os.getloadavg()[0], self.work / "last.log"
        meter = [sys.executable, "-I", "-S", "-c", METER, ",".join(map(str, cores)), log, *map(str, command)]
        wall, cpu, peak, status = map(float, subprocess.run(meter, capture_output=True, check=True).stdout.split())
        if status:
            sys.exit(f"{case}, {who}: exit status {status:.0f}\n{log.read_text()[-4000:]}")
        written = sum(file.stat().st_size for file in out.rglob("*.parquet")) if out else 0
        self.lines.append({
            "case": case, "who": who, "cores": len(cores), "wall": round(wall, 4), "cpu": round(cpu, 4),
            "rss": int(peak) * 1024, "bytes": sum(file.stat().st_size for file in self.files(case)),
            "written": written, "load": load, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **self.about,
        })
        with (self.target / "bench.jsonl").open("a") as file:
            file.write(json.dumps(self.lines[-1]) + "\n")

    def run(self, project: str, state: Path) -> list:
        return [self.binary, "run", "--project", self.work / project, "--extracts", self.extracts, "--state", state,
                "--as-of", AS_OF, "--log-format", "json"]

    def peer(self, *words) -> list:
        return [sys.executable, HERE / "duckdb_landing.py", *words]

    def once(self, cores: list[int], ours_first: bool) -> None:
        """Every case once, the two in turn."""
        self.measure("read", "cat", cores, ["cat", *self.files("read")])
        for name in ("tickets", "all"):
            ours, theirs = self.work / f"ours-{name}", self.work / f"duckdb-{name}"
            land = self.peer("land", self.work / name, self.extracts, theirs, len(cores), self.options.peer_memory)
            pair = [("scorewright", self.run(name, ours), ours), ("duckdb", land, theirs)]
            for who, command, out in pair if ours_first else reversed(pair):
                self.measure(f"land {name}", who, cores, command, out)
        if not self.options.only_landing:
            self.measure("night", "scorewright", cores, self.run("demo", self.work / "night"), self.work / "night")
        idle = "all" if self.options.only_landing else "demo"
        state = self.work / ("ours-all" if self.options.only_landing else "night")
        self.measure("idle", "scorewright", cores, self.run(idle, state))
        self.measure("idle", "duckdb", cores, self.peer("idle", self.extracts, self.work / "duckdb-all"))

    def agree(self) -> bool:
        """Compares what the last two landings of all sources left."""
        command = [sys.executable, HERE / "agreement.py", self.work / "ours-all" / "warehouse",
                   self.work / "duckdb-all", self.options.peer_memory]
        return subprocess.run(command).returncode == 0

    def table(self) -> None:
        runs: dict[tuple, dict[str, dict]] = {}
        for line in self.lines:
            runs.setdefault((line["case"], line["cores"]), {}).setdefault(line["who"], []).append(line)
        print(f"\n{self.options.repeats} runs each, medians; ratio: ours / DuckDB, * above the goal; MB/s of extracts as "
              f"received\nload {min(line['load'] for line in self.lines):.1f} to "
              f"{max(line['load'] for line in self.lines):.1f} on {os.cpu_count()} processors, {self.about}\n")
        three = "".join(f"{name:>8}{'DuckDB':>9}{'ratio':>8}" for name in ("wall s", "CPU s", "MB peak"))
        print(f"{'case':14}{'cores':>5}{three}{'MB/s':>8}{'MB out':>8}{'DuckDB':>8}")
        for (case, cores), of in runs.items():
            figures = {who: {name: median(line[name] for line in lines) for name in
                             ("wall", "cpu", "rss", "bytes", "written")} for who, lines in of.items()}
            print(f"{case:14}{cores:>5}" + row(case, figures))


def row(case: str, figures: dict[str, dict]) -> str:
    peer = figures.pop("duckdb", None)
    ((_, ours),) = figures.items()
    goals, told = GOALS.get(case.split()[0], {}), ""
    for name, unit, digits in (("wall", 1, 3), ("cpu", 1, 3), ("rss", 1e6, 0)):
        told += f"{ours[name] / unit:>8.{digits}f}"
        if peer:
            ratio = ours[name] / peer[name]
            # A goal of landing is a share, one of a run with nothing to do is an amount.
            missed = (ratio if case != "idle" else ours[name]) > goals[name] if name in goals else False
            missed = missed or (name == "rss" and ours[name] > MOST_RSS)
            told += f"{peer[name] / unit:>9.{digits}f}{ratio:>7.2f}{'*' if missed else ' '}"
        else:
            told += f"{'':17}"
    told += f"{ours['bytes'] / ours['wall'] / 1e6:>8.0f}" if case != "idle" else f"{'':8}"
    return told + (f"{ours['written'] / 1e6:>8.0f}" if ours["written"] else "") + \
        (f"{peer['written'] / 1e6:>8.0f}" if peer and peer["written"] else "")


def said(*command) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=20_000, help="size of the demo company (default 20000)")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each, of which the median counts (default 5)")
    parser.add_argument("--cores", default="2,all", help="numbers of processors to measure on (default 2,all)")
    parser.add_argument("--binary", type=Path, help="measure this binary instead of building one")
    parser.add_argument("--work", type=Path, help="folder to work in (default bench in the target folder)")
    parser.add_argument("--only-landing", action="store_true", help="leave out the whole nightly run")
    parser.add_argument("--peer-memory", default="", help="DuckDB's memory limit, as 8GB (default its own)")
    return parser.parse_args()


def main() -> None:
    given = options()
    if importlib.util.find_spec("duckdb") is None:
        sys.exit("DuckDB is missing: pip install duckdb")
    bench, there = Bench(given), sorted(os.sched_getaffinity(0))
    bench.prepare()
    for cores in given.cores.split(","):
        chosen = there if cores == "all" else there[: int(cores)]
        for repeat in range(given.repeats):
            bench.once(chosen, ours_first=repeat % 2 == 0)
            print(f"{len(chosen)} cores, run {repeat + 1} of {given.repeats}", file=sys.stderr)
    is_same = bench.agree()
    bench.table()
    sys.exit(0 if is_same else 1)


if __name__ == "__main__":
    main()
