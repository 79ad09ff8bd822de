"""Speed and memory of the release binary beside DuckDB, on the extracts of the demo company.

    just bench                              the whole job: extracts, checked facts, KPI values, pages; a million rows
    just bench --customers 92000            10 million rows; --large 92000 measures them once beside the million
    just bench --land tickets,all           landing alone
    python3 tests/bench/bench.py --help

The whole job, for both: extracts are typed, checked and deduplicated into Parquet facts that are joined to customers, and
twelve metrics are measured by week and month, in total and by segment. We also render the pages. It is run from nothing, for
one more day on two years and on half a year, with nothing new, and after a title was edited. Facts and values of both are
compared in the same run, after the first run and after the day.

Read the ratios, and CPU seconds before wall: other work on the machine disturbs both alike. A ratio is the median over
pairs of runs, each ours / DuckDB. Every measurement is also a line of `target/bench.jsonl`. Exit status 0 when all is as it
must be, 1 when results differ, 3 when a must is not met, 4 when the peer is not the one the musts were set for.
Needs Linux, Python 3.11, and DuckDB: `pip install duckdb`.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import job_project
import job_table
import landing
from job import ROOT, WholeJob, peer_hash

# The peer as it was when the musts were set (SHA-256 of its four scripts), and what a row cost it, in microseconds of CPU,
# with so many rows: measured on two cores with DuckDB 2.0.1. A peer that takes another third is no yardstick.
PEER_SHA256 = "7dc5c13188853ff7ac2b7289035ca430136060493e607c882a7aa55fe94848b5"
PEER_COST = {1_000_000: 7.2, 10_000_000: 6.6}
MOST_PEER_DRIFT = 0.30
DIFFERENT, NOT_MET, NO_YARDSTICK = 1, 3, 4


def main() -> None:
    options = arguments()
    if importlib.util.find_spec("duckdb") is None:
        sys.exit("DuckDB is missing: pip install duckdb")
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
    binary = (options.binary or build(target)).resolve()
    if options.land:
        sys.exit(0 if landing.run(options, binary, target) else DIFFERENT)
    sys.exit(whole_job(options, binary, target))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, help="size of the demo company (default 9200; with --land 20000)")
    parser.add_argument("--large", type=int, default=0, help="measure the full run once at this size, too")
    parser.add_argument("--pairs", "--repeats", type=int, default=5,
                        help="runs of each, of which the median counts (default 5)")
    parser.add_argument("--cores", help="processors to measure on (default all; with --land several, as 2,all)")
    parser.add_argument("--as-of", default=job_project.AS_OF, help=f"day after the last day (default {job_project.AS_OF})")
    parser.add_argument("--binary", type=Path, help="measure this binary instead of building one")
    parser.add_argument("--work", type=Path, help="folder to work in (default `bench` in the target folder)")
    parser.add_argument("--land", help="measure landing alone: tickets, all or both; `all` is needed")
    parser.add_argument("--only-landing", action="store_true", help="with --land: leave out the whole nightly run")
    parser.add_argument("--peer-memory", default="", help="DuckDB's memory limit, as 8GB (default its own)")
    options = parser.parse_args()
    options.customers = options.customers or (20_000 if options.land else 9_200)
    options.cores = options.cores or ("2,all" if options.land else "all")
    return options


def build(target: Path) -> Path:
    subprocess.run(["cargo", "build", "--release", "--workspace", "--locked"], cwd=ROOT, check=True)
    return target / "release" / "scorewright"


def whole_job(options: argparse.Namespace, binary: Path, target: Path) -> int:
    bench = WholeJob(options, binary, target)
    customers = options.customers
    bench.prepare()
    for number in range(options.pairs):
        print(f"{len(bench.cores)} cores, pair {number + 1} of {options.pairs}", file=sys.stderr)
        bench.pair(number)
    if options.large:
        bench.large()
    table = job_table.rows(bench.lines, options.large)
    tell(bench, table, options.large)
    is_fair = is_fair_peer(bench, customers)
    if not bench.is_same:
        return DIFFERENT
    if not is_fair:
        return NO_YARDSTICK
    return NOT_MET if any(row.is_met is False for row in table) else 0


def tell(bench: WholeJob, table: list, large: int) -> None:
    loads = [line["load"] for line in bench.lines]
    print(f"\n{', '.join(f'{name} {value}' for name, value in bench.about.items())}, {len(bench.cores)} cores, load "
          f"{min(loads):.1f} to {max(loads):.1f}\nmedians of {bench.options.pairs} pairs, ratio: ours / DuckDB\n")
    print(f"{'what':46}{'DuckDB':>11}{'ours':>11}{'ratio':>8}{'must':>10}")
    for row in table:
        print(row)
    of = job_table.Measured([line for line in bench.lines if line["customers"] != large])
    for case in (job_table.FULL, job_table.DAY):
        print(f"\nsteps of our run, {case}: {job_table.stages(of, case)}", end="")
    print()


def is_fair_peer(bench: WholeJob, customers: int) -> bool:
    """Whether the peer is the one of the musts, and as fast as it was."""
    if peer_hash() != PEER_SHA256:
        print(f"the peer has changed: its SHA-256 is {peer_hash()}, not PEER_SHA256 of {Path(__file__).name}; see what a row "
              "costs it now, and set both anew")
        return False
    of = job_table.Measured([line for line in bench.lines if line["customers"] == customers])
    count = of.middle(job_table.FULL, "ours", "rows")
    cost = of.middle(job_table.FULL, "duckdb", "cpu") / count * 1e6
    known = [figure for size, figure in PEER_COST.items() if 0.8 < count / size < 1.25]
    former = f"it was {known[0]:.2f}" if known else "what it was with so many rows is not known"
    print(f"a row cost DuckDB {cost:.2f} microseconds of CPU; {former}")
    if known and abs(cost / known[0] - 1) > MOST_PEER_DRIFT:
        print(f"that is off by more than {MOST_PEER_DRIFT:.0%}: the ratios say little")
        return False
    return True


if __name__ == "__main__":
    main()
