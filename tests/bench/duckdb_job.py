"""The peer of the whole job: what a careful engineer would write with DuckDB instead of `scorewright run`.

    python duckdb_job.py EXTRACTS OUT AS_OF THREADS MEMORY

The first time it reads all extracts; afterwards what is new among them: it merges the months that new rows touch, and
measures the periods that these rows lie in, those that have ended since, and what depends on the as-of day.

- Extracts are typed by the CSV reader itself, and rejects are kept; tables are staged in memory, several at once.
- Facts are Parquet by month, zstd level 1 as the product's, joined to customers, one row of each key: the newest.
  Every file is synced, as the product's are.
- `kpi/` has a table for each fact and time: by week and month, in total and by each dimension, from the rows.

Tables are in `duckdb_tables.py`, KPIs in `duckdb_kpis.py` and `duckdb_tenures.py`; `PEER_SHA256` in `bench.py` pins all four.
It does less than the product: rejects carry no column, extracts are not hashed, customers have no history, rows of unknown
customers are not looked at again when the customer is known, no former version is kept, nothing is committed at once, values
have no intervals and no verdicts, and there are no pages.
"""

import csv
import gzip
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from duckdb_kpis import KPIS, local, measure
from duckdb_tables import ACCOUNTS, CUSTOMERS, DERIVED, FACTS, NAMES, SUBSCRIPTIONS, Table
from duckdb_tenures import TENURES, measure_tenures


class Job:
    """What there was the time before, and what is new."""

    def __init__(self, extracts: Path, out: Path, as_of: str):
        self.extracts, self.out, self.as_of, self.state = extracts, out, as_of, out / "state.json"
        before = json.loads(self.state.read_text()) if self.state.exists() else {"stamps": {}, "as_of": None}
        self.stamps = {file.name: [file.stat().st_size, file.stat().st_mtime_ns] for file in sorted(extracts.iterdir())}
        self.former_as_of = before["as_of"]
        self.new = [name for name, stamp in self.stamps.items() if before["stamps"].get(name) != stamp]

    def is_first(self) -> bool:
        return self.former_as_of is None

    def files(self, table: Table) -> list[Path]:
        return [self.extracts / name for name in self.new if Path(name).match(table.files)]

    def parquet(self, table: str) -> list[str]:
        return sorted(map(str, (self.out / table).glob("*.parquet")))

    def finish(self) -> None:
        write_text(self.state, json.dumps({"stamps": self.stamps, "as_of": self.as_of}))


def stage(run, job: Job, table: Table) -> bool:
    """Reads new extracts into `staged`: typed, one row of each key; what does not fit goes to `rejects/`."""
    files = job.files(table)
    for number, file in enumerate(files):
        rows = f"SELECT {table.values}, {table.verdict} AS _reason FROM {read(table, file)}"
        run(f"INSERT INTO staged {rows}" if number else f"CREATE OR REPLACE TEMP TABLE staged AS {rows}")
    if files:
        keep_rejects(run, table, job.out / "rejects" / table.name / f"{time.time_ns()}.parquet")
        run(f"""DELETE FROM staged WHERE rowid IN (
            SELECT place FROM (SELECT *, rowid AS place FROM staged SEMI JOIN (
                SELECT {table.key} FROM staged GROUP BY {table.key} HAVING count(*) > 1) AS several USING ({table.key}))
            QUALIFY row_number() OVER (PARTITION BY {table.key} ORDER BY {table.order}) > 1)""")
    return bool(files)


def keep_rejects(run, table: Table, path: Path) -> None:
    write(run, f"""SELECT line, error_type::VARCHAR AS reason, error_message AS told, csv_line AS raw
        FROM reject_errors WHERE line > {table.header_rows}
        UNION ALL
        SELECT NULL, _reason, NULL, staged::VARCHAR FROM staged WHERE _reason IS NOT NULL""", path)
    run("DELETE FROM staged WHERE _reason IS NOT NULL")


def read(table: Table, file: Path) -> str:
    types = {name.lower(): kind for name, kind in table.types.items()}
    columns = ", ".join(f"{text(name)}: {text(types.get(name.lower(), 'VARCHAR'))}" for name in header(file))
    return (f"read_csv({text(str(file))}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
            f"strict_mode=true, store_rejects=true, columns={{{columns}}})")


def header(file: Path) -> list[str]:
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines))


def merge(run, job: Job, table: Table) -> dict[str, set]:
    """Brings staged rows into the months of their fact. Tells the days that rows, new and replaced, lie in."""
    folder, old = job.out / "fact" / table.name, job.parquet(f"fact/{table.name}")
    found = run(f"SELECT DISTINCT date_trunc('month', {table.month}) FROM staged WHERE {table.month} IS NOT NULL")
    months = {month for (month,) in found.fetchall()}
    if old and table.moves:
        held = run(f"SELECT DISTINCT filename FROM read_parquet({old}, filename=true) SEMI JOIN staged USING ({table.key})")
        months |= {datetime.strptime(Path(name).stem, "%Y-%m") for (name,) in held.fetchall()}
    touched: dict[str, set] = {column: set() for column in table.times}
    for month in sorted(months):
        path = folder / f"{month:%Y-%m}.parquet"
        rows = (f"SELECT * FROM ({table.select}) WHERE {table.month_of_fact} >= '{month}' "
                f"AND {table.month_of_fact} < TIMESTAMP '{month}' + INTERVAL 1 MONTH")
        if not job.is_first():
            rows = add(run, table, path, rows, touched)
        write(run, rows, path)
    return touched


def add(run, table: Table, path: Path, rows: str, touched: dict[str, set]) -> str:
    """The rows of a month with new ones: they replace those of their key, or give way to them where the first stays."""
    run(f"CREATE OR REPLACE TEMP TABLE fresh AS {rows}")
    old = f"read_parquet({text(str(path))})"
    if not path.exists():
        note(run, table, "FROM fresh", touched)
        return "FROM fresh"
    if table.version:
        run(f"""DELETE FROM fresh USING {old} AS held
            WHERE held.{table.key} = fresh.{table.key} AND held.{table.version} > fresh.{table.version}""")
    if table.first_stays:
        run(f"DELETE FROM fresh WHERE {table.key} IN (SELECT {table.key} FROM {old} SEMI JOIN fresh USING ({table.key}))")
    gone = "staged" if table.moves else "fresh"
    note(run, table, f"FROM fresh UNION ALL BY NAME SELECT * FROM {old} SEMI JOIN {gone} USING ({table.key})", touched)
    return f"SELECT * FROM {old} ANTI JOIN {gone} USING ({table.key}) UNION ALL BY NAME FROM fresh"


def note(run, table: Table, rows: str, touched: dict[str, set]) -> None:
    for column in table.times:
        days = run(f"SELECT DISTINCT {local(column)}::DATE FROM ({rows}) WHERE {column} IS NOT NULL")
        touched[column] |= {day for (day,) in days.fetchall()}


def land_small(run, job: Job, table: Table) -> None:
    """Accounts and subscriptions: a table of the newest version of each key, written whole."""
    path, columns = job.out / "raw" / f"{table.name}.parquet", f"{table.key}, * EXCLUDE ({table.key})"
    is_new = stage(run, job, table)
    former = f"SELECT *, 0 AS generation FROM read_parquet({text(str(path))})"
    fresh = "SELECT * EXCLUDE (_reason), 1 AS generation FROM staged"
    rows = " UNION ALL BY NAME ".join(([former] if path.exists() else []) + ([fresh] if is_new else []))
    run(f"""CREATE TABLE raw_{table.name} AS SELECT {columns.replace('* EXCLUDE (', '* EXCLUDE (generation, ')} FROM ({rows})
        QUALIFY row_number() OVER (PARTITION BY {table.key} ORDER BY {table.version} DESC, generation DESC) = 1""")
    if is_new:
        write(run, f"FROM raw_{table.name}", path)


def know_customers(run, job: Job) -> bool:
    """Tables `customer` and `name`. Whether rows of before would belong to other customers now."""
    land_small(run, job, ACCOUNTS)
    run(CUSTOMERS)
    run(NAMES)
    write(run, "FROM customer", job.out / "dim" / "customer.parquet")
    path = job.out / "dim" / "name.parquet"
    if not path.exists():
        return False
    former = f"read_parquet({text(str(path))})"
    run(f"INSERT INTO name SELECT * FROM {former} ANTI JOIN name USING (source, key) WHERE is_derived")
    (moved,) = run(f"""SELECT count(*) FROM {former} AS former LEFT JOIN name USING (source, key)
        WHERE (name.customer_id, name.segment, name.region, name.is_test)
            IS DISTINCT FROM (former.customer_id, former.segment, former.region, former.is_test)""").fetchone()
    return moved > 0


def land_fact(cursor, job: Job, table: Table) -> dict[str, set]:
    run = cursor.execute
    if not stage(run, job, table):
        return {column: set() for column in table.times}
    if table.name in DERIVED:
        run(DERIVED[table.name])
    touched = merge(run, job, table)
    run("DROP TABLE staged")
    return touched


def write(run, rows: str, path: Path) -> None:
    """One Parquet file, there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    run(f"COPY ({rows}) TO {text(str(fresh))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.rename(path)


def write_text(path: Path, words: str) -> None:
    path.with_suffix(".new").write_text(words)
    path.with_suffix(".new").rename(path)


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def main(extracts: Path, out: Path, as_of: str, threads: str, memory: str) -> None:
    began, job = time.perf_counter(), Job(extracts, out, as_of)
    if not job.new and job.as_of == job.former_as_of:
        return
    import duckdb

    out.mkdir(parents=True, exist_ok=True)
    settings = {"threads": int(threads), "temp_directory": str(out / "spill")}
    database = duckdb.connect(config=settings | ({"memory_limit": memory} if memory else {}))
    run = database.execute
    if know_customers(run, job):
        sys.exit("names moved to other customers: remove what was written and make it anew")
    with ThreadPoolExecutor(int(threads)) as pool:
        touched = list(pool.map(lambda table: land_fact(database.cursor(), job, table), FACTS))
    land_small(run, job, SUBSCRIPTIONS)
    for table, rows in TENURES.items():
        run(f"CREATE TABLE {table} AS {rows}")
        write(run, f"FROM {table}", out / "fact" / table / "all.parquet")
    write(run, "FROM name", out / "dim" / "name.parquet")
    landed = time.perf_counter()
    days = {(table.name, column): days for table, times in zip(FACTS, touched) for column, days in times.items()}
    for kpi in KPIS:
        measure(run, job, kpi, days[kpi.fact, kpi.time], write)
    measure_tenures(run, job, write)
    job.finish()
    print(json.dumps({"land": landed - began, "measure": time.perf_counter() - landed}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
