"""The peer: what a careful person would write with DuckDB instead of `scorewright run` on sources alone.

    python duckdb_landing.py land PROJECT EXTRACTS OUT THREADS MEMORY   type, reject, deduplicate, write Parquet
    python duckdb_landing.py idle EXTRACTS OUT                          find nothing new

It reads the project's own source files, so that both land the same columns by the same rules. Of the forms tried it is
the fastest that writes months: the CSV reader itself types and rejects, tables are staged in memory, sources land at
once, each month is one COPY with zstd level 1 (the product's). Every Parquet file is synced, as the product's are.
It does less in three things: rows carry no file and line, extracts are not hashed, no commit makes all visible at once.
"""

import csv
import gzip
import json
import os
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TYPES = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(18,{scale})", "timestamp": "TIMESTAMP",
         "date": "DATE", "boolean": "BOOLEAN"}

# What the reader calls a fault, in the words of `quarantine.*`.
FAULTS = {"MISSING COLUMNS": "too_few_fields", "TOO MANY COLUMNS": "too_many_fields", "UNQUOTED VALUE": "stray_quote",
          "INVALID ENCODING": "bad_encoding", "LINE SIZE OVER MAXIMUM": "field_too_long"}
MISFITS = {"BIGINT": "not_an_integer", "DECIMAL": "not_a_decimal", "TIMESTAMP": "not_a_timestamp",
           "DATE": "not_a_date", "BOOLEAN": "not_a_boolean", "ENUM": "not_accepted"}


class Source:
    """One source file, as the pieces of SQL that land it."""

    def __init__(self, path: Path, extracts: Path):
        told = tomllib.loads(path.read_text())
        self.name, self.key, self.is_upsert = path.stem, told["key"], told["load"] == "upsert"
        self.updated_at, self.month = told.get("updated_at"), told["watermark"]
        self.header_rows = told.get("csv", {}).get("header_rows", 1)
        (self.file,) = extracts.glob(told["files"])
        self.header = header(self.file)
        # What the file lacks is without values in the product's table; here it is left out.
        self.columns = {name: column for name, column in told["columns"].items()
                        if column.get("personal") != "drop" and self.names(name, column)}

    def names(self, name: str, column: dict) -> list[str]:
        names = column.get("from", name)
        return [name for name in ([names] if isinstance(names, str) else names) if name in self.header]

    def place(self, name: str) -> str:
        return self.names(name, self.columns[name])[0]

    def is_enum(self, name: str) -> bool:
        """Whether the reader can judge by itself which values are accepted."""
        return "accepted" in self.columns[name] and "map" not in self.columns[name]

    def type_of(self, name: str) -> str:
        column = self.columns[name]
        if "map" in column:
            return TYPES["text"]
        if self.is_enum(name):
            return f"ENUM ({', '.join(map(text, column['accepted']))})"
        return TYPES[column["type"]].format(scale=column.get("scale", 4))

    def read(self) -> str:
        typed = {self.place(name): self.type_of(name) for name in self.columns}
        columns = ", ".join(f"{text(name)}: {text(typed.get(name, 'VARCHAR'))}" for name in self.header)
        return (f"read_csv({text(str(self.file))}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
                f"strict_mode=true, store_rejects=true, columns={{{columns}}})")

    def value(self, name: str) -> str:
        column, value = self.columns[name], '"' + self.place(name).replace('"', '""') + '"'
        if "map" in column:
            value = self.mapped(name)
            if column["type"] != "text":
                value = f"TRY_CAST({value} AS {TYPES[column['type']].format(scale=column.get('scale', 4))})"
        return f"left(sha256({value}), 32)" if column.get("personal") == "hash" else value

    def mapped(self, name: str) -> str:
        value = '"' + self.place(name).replace('"', '""') + '"'
        return f"CASE {value} {whens(self.columns[name]['map'])} ELSE {value} END"

    def verdict(self) -> str:
        """The first rule of the source that a typed row breaks, or null."""
        cases = []
        for name, column in self.columns.items():
            value = self.value(name)
            if "map" in column and column["type"] != "text":
                misfit = MISFITS[TYPES[column["type"]].split("(")[0]]
                cases.append(f"WHEN {self.mapped(name)} IS NOT NULL AND {value} IS NULL THEN {text(misfit)}")
            if column.get("required") or name in [*self.key, self.updated_at]:
                cases.append(f"WHEN {value} IS NULL THEN 'missing_value'")
            if "accepted" in column and not self.is_enum(name):
                # Not IN: it becomes a join, and a join loses the order of the file.
                known = " ".join(f"WHEN {text(known)} THEN FALSE" for known in column["accepted"])
                cases.append(f"WHEN {value} IS NOT NULL AND CASE {value} {known} ELSE TRUE END THEN 'not_accepted'")
            bounds = [f"{value} {sign} {column[end]}" for end, sign in (("min", "<"), ("max", ">")) if end in column]
            if bounds:
                cases.append(f"WHEN {' OR '.join(bounds)} THEN 'out_of_range'")
        return f"CASE {' '.join(cases)} END"


def land(connection, source: Source, out: Path) -> dict:
    """Lands one source; says how many rows became what."""
    run, table, columns = connection.execute, f"staged_{source.name}", ", ".join(source.columns)
    values = ", ".join(f"{source.value(name)} AS {name}" for name in source.columns)
    run(f"CREATE TABLE {table} AS SELECT {values}, {source.verdict()} AS _reason FROM {source.read()}")
    # The reader numbers records, header rows among them; a good row's number follows from its place among the good.
    # A misfit is told by its type, not by `column_name`: that is wrong where columns are not read.
    misfit = f"CASE regexp_extract(error_message, '\" to ''([A-Z]+)', 1) {whens(MISFITS)} END"
    reason = f"CASE error_type {whens(FAULTS)} ELSE {misfit} END"
    run(f"""CREATE TEMP TABLE torn AS
        SELECT *, row_number() OVER (ORDER BY record) AS torn, record - torn - 1 AS good_before
        FROM (SELECT line AS record, first({reason} ORDER BY column_idx) AS reason, first(csv_line) AS raw
            FROM reject_errors GROUP BY line)""")
    run(f"""CREATE TEMP TABLE rejects AS
        SELECT record, reason, raw FROM torn WHERE record > {source.header_rows}
        UNION ALL
        SELECT place + 2 + coalesce(torn, 0), bad.reason, bad.raw
        FROM (SELECT rowid AS place, _reason AS reason, concat_ws(',', {columns}) AS raw
            FROM {table} WHERE _reason IS NOT NULL) AS bad
        ASOF LEFT JOIN torn ON place >= good_before""")
    run(f"DELETE FROM {table} WHERE _reason IS NOT NULL")
    fates = settle_repeats(run, source, table, columns)
    write_months(run, source, table, columns, out / "raw" / source.name)
    write(run, "SELECT * FROM rejects ORDER BY record", out / "quarantine" / f"{source.name}.parquet")
    (accepted,) = run(f"SELECT count(*) FROM {table}").fetchone()
    run(f"DROP TABLE {table}")
    return {"accepted": accepted, **fates}


def settle_repeats(run, source: Source, table: str, columns: str) -> dict:
    """Removes the rows of a key but one: the first of an append, the newest of an upsert."""
    key = ", ".join(source.key)
    order = f"{source.updated_at} DESC, place DESC" if source.is_upsert else "place"
    run(f"""CREATE TEMP TABLE gone AS
        SELECT place, CASE WHEN content IS NOT DISTINCT FROM first_value(content) OVER stays THEN 'duplicates'
            ELSE '{'superseded' if source.is_upsert else 'conflicts'}' END AS fate
        FROM (SELECT {columns}, rowid AS place, row({columns}) AS content FROM {table}
            SEMI JOIN (SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1) AS several USING ({key}))
        WINDOW stays AS (PARTITION BY {key} ORDER BY {order})
        QUALIFY row_number() OVER stays > 1""")
    run(f"DELETE FROM {table} WHERE rowid IN (SELECT place FROM gone)")
    found = dict(run("SELECT fate, count(*) FROM gone GROUP BY fate").fetchall())
    return {fate: found.get(fate, 0) for fate in ("duplicates", "superseded", "conflicts")}


def write_months(run, source: Source, table: str, columns: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    for (first,) in run(f"SELECT DISTINCT date_trunc('month', {source.month}) FROM {table}").fetchall():
        rows = f"{source.month} >= '{first}' AND {source.month} < TIMESTAMP '{first}' + INTERVAL 1 MONTH"
        name, rows = (f"{first:%Y-%m}", rows) if first else ("none", f"{source.month} IS NULL")
        write(run, f"SELECT {columns} FROM {table} WHERE {rows}", folder / f"{name}.parquet")


def write(run, rows: str, path: Path) -> None:
    run(f"COPY ({rows}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def header(file: Path) -> list[str]:
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines))


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def whens(meanings: dict[str, str]) -> str:
    return " ".join(f"WHEN {text(given)} THEN {text(meant)}" for given, meant in meanings.items())


def stamps(extracts: Path) -> dict:
    return {file.name: [file.stat().st_size, file.stat().st_mtime_ns] for file in extracts.iterdir()}


def land_all(project: Path, extracts: Path, out: Path, threads: str, memory: str) -> None:
    import duckdb

    (out / "quarantine").mkdir(parents=True)
    sources = [Source(path, extracts) for path in (project / "pipelines" / "sources").glob("*.toml")]
    sources.sort(key=lambda source: source.file.stat().st_size, reverse=True)
    settings = {"threads": int(threads), "temp_directory": str(out / "spill")}
    database = duckdb.connect(config=settings | ({"memory_limit": memory} if memory else {}))
    with ThreadPoolExecutor(int(threads)) as pool:
        books = pool.map(lambda source: (source.name, land(database.cursor(), source, out)), sources)
        (out / "books.json").write_text(json.dumps(dict(books)))
    (out / "stamps.json").write_text(json.dumps(stamps(extracts)))


def idle(extracts: Path, out: Path) -> None:
    import duckdb

    duckdb.connect()
    if stamps(extracts) != json.loads((out / "stamps.json").read_text()):
        sys.exit("something is new")


if __name__ == "__main__":
    command, *given = sys.argv[1:]
    if command == "land":
        land_all(*map(Path, given[:3]), *given[3:])
    else:
        idle(*map(Path, given))
