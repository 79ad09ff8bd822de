"""Landing beside DuckDB: extracts, as they are, into typed tables, on the extracts of the demo company.

    just bench --land tickets,all           20,000 customers: half a million tickets, 0.3 GB of extracts
    just bench --land all --customers 400000
                                            10 million tickets, 47 million rows in all, 10 GB; DuckDB's limit may be
                                            set: --peer-memory 8GB

Both land the same files by the same source files, on the same processors, in turn; what they landed is compared row
by row, and any difference fails the run (exit status 1).
"""

import argparse
import csv
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from meter import keep, take

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
AS_OF = "2026-11-23"
TICKETS = "zendesk_tickets"
NOTHING_NEW = 4
# A run with nothing new, of a project that has mailed: people of a report, and periods it was mailed for.
PEOPLE, MAILED_PERIODS = 80, 2500

FIGURES = ("wall", "cpu", "rss")
# Landing: at most this share of what DuckDB takes. A run with nothing new, and any landing's memory: at most this.
MOST_OF_PEER = {"wall": 0.50, "cpu": 0.50, "rss": 0.75}
MOST_IDLE = {"wall": 0.030, "rss": 30e6}
MOST_MEMORY = 512e6
# One new day of tickets on two years, in times of the same day on half a year.
MOST_GROWTH = 1.15
HISTORIES = (6, 24)


class Bench:
    def __init__(self, options: argparse.Namespace, binary: Path, target: Path):
        self.options, self.target = options, target
        self.work = (options.work or self.target / "bench").resolve()
        self.binary = binary
        self.extracts = self.work / "demo" / "extracts"
        self.lines: list[dict] = []
        version = subprocess.run([self.binary, "--version"], capture_output=True, text=True, check=True).stdout
        self.about = {"scorewright": version.split()[-1], "duckdb": importlib.metadata.version("duckdb"),
                      "python": platform.python_version(), "linux": platform.release(),
                      "processors": os.cpu_count(), "customers": options.customers}

    def prepare(self) -> None:
        """Makes extracts, kept while binary and size are the same, and projects that have sources alone."""
        self.work.mkdir(parents=True, exist_ok=True)
        demo, made_by = self.work / "demo", self.work / "made-by"
        stamp = f"{self.binary.stat().st_mtime_ns} {self.options.customers}"
        if not made_by.exists() or made_by.read_text() != stamp:
            made_by.unlink(missing_ok=True)
            shutil.rmtree(self.work / "days", ignore_errors=True)
            shutil.rmtree(demo, ignore_errors=True)
            size = ["--customers", str(self.options.customers), "--as-of", AS_OF]
            subprocess.run([self.binary, "demo", demo, *size, "--only-extracts"], check=True)
            made_by.write_text(stamp)
        for name, wanted in (("tickets", f"{TICKETS}.toml"), ("all", "*.toml")):
            sources = self.work / name / "pipelines" / "sources"
            shutil.rmtree(self.work / name, ignore_errors=True)
            sources.mkdir(parents=True)
            shutil.copy(demo / "scorewright.toml", self.work / name)
            for source in (demo / "pipelines" / "sources").glob(wanted):
                shutil.copy(source, sources)

        self.mail()
        if "tickets" in self.options.land and not (self.work / "days" / made_by.name).exists():
            self.split_days()

    def mail(self) -> None:
        """A small project as many years of mails leave it: 200,000 delivered, as the ledger keeps them."""
        project = self.work / "mailed"
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(ROOT / "tests" / "scenarios" / "base", project)
        people = json.dumps([f"leader{number}@example.com" for number in range(PEOPLE)])
        with (project / "reports" / "scorecard" / "report.toml").open("a") as file:
            file.write(f'\n[mail]\nfrom = "scorecard@example.com"\nto = {people}\n\n[hold]\nfor = "0h"\n')
        subprocess.run([self.binary, "run", "--project", project, "--as-of", AS_OF, "--mail"], capture_output=True, check=True)
        (issue,) = (project / "warehouse" / "ledger" / "scorecard").glob("*.json")
        period = issue.name.split(".")[0]
        for week in range(MAILED_PERIODS):
            other = f"{1970 + week // 52}-W{week % 52 + 1:02}"
            issue.with_name(issue.name.replace(period, other)).write_text(issue.read_text().replace(period, other))

    def split_days(self) -> None:
        """The tickets as their last day, and what came before it in some months."""
        days, (tickets,) = self.work / "days", self.extracts.glob(f"{TICKETS}*")
        shutil.rmtree(days, ignore_errors=True)
        with tickets.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        created = header.index("Created at")
        rows = [row for row in rows if len(row) == len(header) and row[created][:2] == "20"]
        rows.sort(key=lambda row: row[created])
        last = rows[-1][created][:10]
        new = [row for row in rows if row[created][:10] == last]
        for months in HISTORIES:
            since = str(date.fromisoformat(last) - timedelta(days=months * 365 // 12))
            former = [row for row in rows if since <= row[created] < last]
            for name, part in ((f"before/{TICKETS}_before.csv", former), (f"new/{TICKETS}_new.csv", new)):
                path = days / str(months) / name
                path.parent.mkdir(parents=True)
                with path.open("w", newline="", encoding="utf-8") as file:
                    csv.writer(file).writerows([header, *part])
        (days / "made-by").touch()

    def day(self, cores: list[int], months: int) -> None:
        """One new day on a history: what is measured is the run that lands the day."""
        folder, extracts, state = self.work / "days" / str(months), self.work / "day-extracts", self.work / "day-state"
        for path in (extracts, state):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(folder / "before", extracts)
        # A file that has just changed is read once more; a history is older than that.
        time.sleep(3)
        command = self.run("tickets", state, extracts=extracts)
        subprocess.run(command, capture_output=True, check=True)
        shutil.copytree(folder / "new", extracts, dirs_exist_ok=True)
        self.measure(f"day on {months} m", "scorewright", cores, command)

    def files(self, case: str) -> list[Path]:
        if case.startswith("day"):
            return sorted((self.work / "days" / case.split()[2] / "new").glob("*"))
        return sorted(self.extracts.glob(f"{TICKETS}*" if case == "land tickets" else "*"))

    def measure(self, case: str, who: str, cores: list[int], command: list, out: Path | None = None, end: int = 0):
        """Runs a command once and keeps what it took. `out`: removed before, its Parquet weighed after."""
        if out:
            shutil.rmtree(out, ignore_errors=True)
        taken = take(command, cores, self.work / "last.log", end)
        line = {"case": case, "who": who, **taken, "bytes": sum(file.stat().st_size for file in self.files(case)),
                "written": sum(file.stat().st_size for file in out.rglob("*.parquet")) if out else 0, **self.about}
        self.lines.append(line)
        print(f"  {case}, {who}: {line['wall']:.1f} s, {line['cpu']:.1f} CPU s, {line['rss'] >> 20} MB", file=sys.stderr, flush=True)
        keep(self.target / "bench.jsonl", line)

    def run(self, project: str, state: Path, *options: str, extracts: Path | None = None) -> list:
        return [self.binary, "run", "--project", self.work / project, "--extracts", extracts or self.extracts, "--state", state,
                "--as-of", AS_OF, "--log-format", "json", *options]

    def peer(self, *words) -> list:
        return [sys.executable, HERE / "duckdb_landing.py", *words]

    def once(self, cores: list[int], is_ours_first: bool) -> None:
        """Every case once, the two in turn."""
        self.measure("read", "cat", cores, ["sh", "-c", 'cat "$@" > /dev/null', "cat", *self.files("read")])
        for name in self.options.land.split(","):
            ours, theirs = self.work / f"ours-{name}", self.work / f"duckdb-{name}"
            land = self.peer("land", self.work / name, self.extracts, theirs, len(cores), self.options.peer_memory)
            pair = [("scorewright", self.run(name, ours), ours), ("duckdb", land, theirs)]
            for who, command, out in pair if is_ours_first else reversed(pair):
                # What ran before may have pushed the extracts out of memory: both find them there, as far as they fit.
                subprocess.run(["cat", *self.files(f"land {name}")], stdout=subprocess.DEVNULL, check=True)
                self.measure(f"land {name}", who, cores, command, out)
        for months in HISTORIES if "tickets" in self.options.land else ():
            self.day(cores, months)
        idle = ("all", self.work / "ours-all")
        if not self.options.only_landing:
            idle = ("demo", self.work / "night")
            self.measure("night", "scorewright", cores, self.run(*idle), idle[1])
        self.measure("idle", "scorewright", cores, self.run(*idle, "--require-new"), end=NOTHING_NEW)
        self.measure("idle", "duckdb", cores, self.peer("idle", self.extracts, self.work / "duckdb-all"))
        mailed = ["--project", self.work / "mailed", "--as-of", AS_OF, "--mail", "--log-format", "json"]
        self.measure("idle, mailed", "scorewright", cores, [self.binary, "run", *mailed])

    def agree(self) -> bool:
        """Compares what the last two landings of all sources left."""
        command = [sys.executable, HERE / "agreement.py", self.work / "ours-all" / "warehouse",
                   self.work / "duckdb-all", self.options.peer_memory]
        return subprocess.run(command).returncode == 0

    def table(self) -> None:
        loads = [line["load"] for line in self.lines]
        print(f"\n{', '.join(f'{name} {value}' for name, value in self.about.items())}, load {min(loads):.1f} to "
              f"{max(loads):.1f}\nmedians of {self.options.pairs} runs; ratio: ours / DuckDB; *: above the goal; MB/s "
              f"of extracts as received\n")
        three = "".join(f"{name:>8}{'DuckDB':>9}{'ratio':>7} " for name in ("wall s", "CPU s", "MB peak"))
        print(f"{'case':13}{'cores':>5}{three}{'MB/s':>7}{'MB out':>8}{'DuckDB':>8}")
        for case, cores in dict.fromkeys((line["case"], line["cores"]) for line in self.lines):
            lines = [line for line in self.lines if (line["case"], line["cores"]) == (case, cores)]
            peer = [line for line in lines if line["who"] == "duckdb"]
            print(f"{case:13}{cores:>5}{row(case, [line for line in lines if line not in peer], peer)}")
        self.tell_growth()

    def tell_growth(self) -> None:
        short, long = ([line for line in self.lines if line["case"] == f"day on {months} m"] for months in HISTORIES)
        for name in ("wall", "cpu") if short else ():
            ratio = median(late[name] / early[name] for early, late in zip(short, long))
            mark = "*" if ratio > MOST_GROWTH else ""
            print(f"one new day, {name}: on {HISTORIES[1]} months {ratio:.2f}{mark} times what it takes on {HISTORIES[0]}")


def row(case: str, ours: list[dict], peer: list[dict]) -> str:
    def middle(lines: list[dict], name: str) -> float:
        return median(line[name] for line in lines)

    told, is_idle = "", case.startswith("idle")
    for name in FIGURES:
        unit, digits = (1e6, 0) if name == "rss" else (1, 3)
        told += f"{middle(ours, name) / unit:>8.{digits}f}"
        if not peer:
            told += f"{'*' if is_idle and middle(ours, name) > MOST_IDLE.get(name, float('inf')) else ' '}{'':16}"
            continue
        ratio = median(mine[name] / other[name] for mine, other in zip(ours, peer))
        if is_idle:
            is_missed = middle(ours, name) > MOST_IDLE.get(name, float("inf"))
        else:
            is_missed = ratio > MOST_OF_PEER[name] or (name == "rss" and middle(ours, name) > MOST_MEMORY)
        told += f"{middle(peer, name) / unit:>9.{digits}f}{ratio:>7.2f}{'*' if is_missed else ' '}"
    told += f"{middle(ours, 'bytes') / middle(ours, 'wall') / 1e6:>7.0f}" if not is_idle else ""
    return told + "".join(f"{middle(lines, 'written') / 1e6:>8.0f}"
                          for lines in (ours, peer) if lines and lines[0]["written"])


def run(options: argparse.Namespace, binary: Path, target: Path) -> bool:
    """All cases on each number of processors. Whether both landed the same."""
    bench, there = Bench(options, binary, target), sorted(os.sched_getaffinity(0))
    bench.prepare()
    for cores in options.cores.split(","):
        chosen = there if cores == "all" else there[: int(cores)]
        for repeat in range(options.pairs):
            print(f"{len(chosen)} cores, run {repeat + 1} of {options.pairs}", file=sys.stderr)
            bench.once(chosen, is_ours_first=repeat % 2 == 0)
    is_same = bench.agree()
    bench.table()
    return is_same
