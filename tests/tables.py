"""Every table of a project, read with DuckDB, pyarrow and Polars in the way `docs/tables.md` tells users to.

    python3 tests/tables.py DEMO_DIR

Needs the packages `duckdb`, `pyarrow` and `polars`. The lines of the guide are run as they stand there, for every table
in place of `fact.ticket`. All three must find what the newest version in `warehouse/versions/` states: the files with
their length and SHA-256, the rows, the columns and their types; the same number of nulls in each column; the same sum
of each column of numbers, computed by the tool itself, integers and decimals to the last digit; and the same value in
each cell, in the same order. Prints a line for each table; the exit status is 1 when anything differs.
"""

import hashlib
import json
import math
import os
import re
import sys
from pathlib import Path

import duckdb
import polars
import pyarrow
import pyarrow.compute

from stored_version import read_version

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "tables.md"
EXAMPLE = "fact.ticket"
NUMBERS = ("integer", "decimal", "float")


def guide(heading: str) -> str:
    """The code under a heading of the guide."""
    text = GUIDE.read_text(encoding="utf-8")
    found = re.search(rf"^## {heading}\n\n```\w+\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    if not found or EXAMPLE not in found.group(1):
        sys.exit(f"{GUIDE} has no code for {EXAMPLE} under `## {heading}`")
    return found.group(1)


def tickets(heading: str, table: str):
    """What `tickets` is after the Python lines of the guide, for another table."""
    names = {}
    exec(guide(heading).replace(EXAMPLE, table), names)  # our own guide
    return names["tickets"]


def kind(words: dict, name: str) -> str:
    """A tool's name for a type in the words of the warehouse; one that has no word stays as it is, a difference."""
    items = re.fullmatch(r"(?s:(.*)\[\]|list<item: (.*?)(?: not null)?>|List\((.*)\))", name)
    if items:
        return "list of " + kind(words, next(item for item in items.groups() if item))
    if re.match(r"STRUCT\(|struct<|Struct\(", name):
        return "record"
    decimal = re.search(r"decimal\w*\D+(\d+)\D+(\d+)", name, re.IGNORECASE)
    return "decimal({}, {})".format(*decimal.groups()) if decimal else words.get(name, name)


class DuckDB:
    words = {"VARCHAR": "text", "BIGINT": "integer", "DOUBLE": "float", "TIMESTAMP WITH TIME ZONE": "timestamp",
             "DATE": "date", "BOOLEAN": "boolean"}

    def __init__(self, table: str):
        self.connection = duckdb.connect()
        lists, counts, _ = (part.strip() for part in guide("DuckDB").replace(EXAMPLE, table).split(";"))
        self.connection.execute(lists)
        self.rows, = self.connection.execute(counts).fetchone()
        self.source = counts[counts.index("FROM"):]
        described = self.connection.execute(f"DESCRIBE SELECT * {self.source}").fetchall()
        self.kinds = {name: kind(self.words, type_) for name, type_, *_ in described}

    def of_each(self, columns: list, sql: str) -> dict:
        """The value of an expression for each of the columns."""
        if not columns:
            return {}
        selected = ", ".join(sql.format(f'"{name}"') for name in columns)
        return dict(zip(columns, self.connection.execute(f"SELECT {selected} {self.source}").fetchone()))

    def nulls(self) -> dict:
        return self.of_each(list(self.kinds), "count(*) - count({})")

    def sums(self, columns: list) -> dict:
        return self.of_each(columns, "sum({})")

    def cells(self) -> dict:
        in_microseconds = {name: f'epoch_us("{name}")' for name, of in self.kinds.items() if of == "timestamp"}
        selected = ", ".join(in_microseconds.get(name, f'"{name}"') for name in self.kinds)
        rows = self.connection.execute(f"SELECT {selected} {self.source}").fetchall()
        return {name: [row[at] for row in rows] for at, name in enumerate(self.kinds)}


class Pyarrow:
    words = {"string": "text", "string_view": "text", "int64": "integer", "double": "float",
             "timestamp[us, tz=UTC]": "timestamp", "date32[day]": "date", "bool": "boolean"}

    def __init__(self, table: str):
        self.table = tickets("pyarrow", table)
        self.rows = self.table.num_rows
        self.kinds = {column.name: kind(self.words, str(column.type)) for column in self.table.schema}

    def nulls(self) -> dict:
        return {name: self.table[name].null_count for name in self.kinds}

    def sums(self, columns: list) -> dict:
        return {name: pyarrow.compute.sum(self.table[name]).as_py() for name in columns}

    def cells(self) -> dict:
        def values(name: str) -> list:
            column = self.table[name]
            return (column.cast(pyarrow.int64()) if self.kinds[name] == "timestamp" else column).to_pylist()

        return {name: values(name) for name in self.kinds}


class Polars:
    words = {"String": "text", "Int64": "integer", "Float64": "float",
             "Datetime(time_unit='us', time_zone='UTC')": "timestamp", "Date": "date", "Boolean": "boolean"}

    def __init__(self, table: str):
        self.frame = tickets("Polars", table).collect()
        self.rows = self.frame.height
        self.kinds = {name: kind(self.words, str(type_)) for name, type_ in self.frame.schema.items()}

    def nulls(self) -> dict:
        return {name: self.frame[name].null_count() for name in self.kinds}

    def sums(self, columns: list) -> dict:
        return {name: self.frame[name].sum() for name in columns}

    def cells(self) -> dict:
        def values(name: str) -> list:
            column = self.frame[name]
            return (column.dt.epoch("us") if self.kinds[name] == "timestamp" else column).to_list()

        return {name: values(name) for name in self.kinds}


READERS = (DuckDB, Pyarrow, Polars)


def newest() -> dict:
    """Every table of the newest version with its files, rows and columns, as the commit states them."""
    current = json.loads(Path("warehouse/CURRENT.json").read_text(encoding="utf-8"))
    tables = read_version(Path("warehouse"), current["version"])["tables"]
    stated = {name: [file["path"] for file in table["files"]] for name, table in tables.items()}
    if stated != current["tables"]:
        sys.exit("warehouse/CURRENT.json lists other files than the newest version")
    return tables


def damaged(files: list) -> list:
    """Files that are not what the commit states."""
    told = []
    for file in files:
        content = Path("warehouse", file["path"]).read_bytes()
        if len(content) != file["bytes"] or hashlib.sha256(content).hexdigest() != file["sha256"]:
            told.append(f"{file['path']} has not the length and SHA-256 that the version states")
    return told


def is_same(one, two) -> bool:
    """Exactly the same, of one type; of two floats that are no number both."""
    both_nan = isinstance(one, float) and isinstance(two, float) and math.isnan(one) and math.isnan(two)
    return both_nan or (type(one) is type(two) and one == two)


def is_same_sum(one, two) -> bool:
    """Sums of floats depend on the order in which a tool adds; a sum of nothing is null or zero."""
    if isinstance(one, float) and isinstance(two, float):
        return is_same(one, two) or math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)
    return (one or 0) == (two or 0)


def by_column(what: str, found: dict, same) -> list:
    """Columns for which the tools do not find the same: `found` has a value for each column, by tool."""
    told = []
    (first, expected), *others = found.items()
    for other, values in others:
        for column in {**expected, **values}:
            one, two = expected.get(column), values.get(column)
            if not same(one, two):
                told.append(f"{column}: {what}: {first} {one!r}, {other} {two!r}")
    return told


def by_cell(found: dict) -> list:
    """The first cell of each column for which the tools do not find the same."""
    told = []
    (first, expected), *others = found.items()
    for other, columns in others:
        for column, values in expected.items():
            pairs = enumerate(zip(values, columns[column]), 1)
            slip = next((slip for slip in pairs if not is_same(*slip[1])), None)
            if slip:
                told.append(f"{column}: row {slip[0]}: {first} {slip[1][0]!r}, {other} {slip[1][1]!r}")
    return told


def columns_in_files(name: str, tables: dict) -> dict:
    """The columns of a table's files with their types: a raw table shares the files of its source's history."""
    layer, noun = name.split(".")
    history = tables.get(f"history.{noun}", tables[name]) if layer == "raw" else tables[name]
    return {column["name"]: column["kind"] for column in history["columns"]}


def compare(name: str, tables: dict) -> list:
    """What differs in a table."""
    table = tables[name]
    told = damaged(table["files"])
    try:
        readers = {reader.__name__: reader(name) for reader in READERS}
    except Exception as refused:  # each tool has errors of its own
        return [*told, f"cannot be read: {type(refused).__name__}: {str(refused).splitlines()[0]}"]

    def of_each(look) -> dict:
        return {tool: look(reader) for tool, reader in readers.items()}

    kinds = columns_in_files(name, tables)
    rows = {"every column": sum(file["rows"] for file in table["files"])}
    told += by_column("type", {"the version": kinds, **of_each(lambda reader: reader.kinds)}, is_same)
    told += by_column("rows", {"the version": rows, **of_each(lambda reader: {"every column": reader.rows})}, is_same)
    if told:
        return told
    numbers = [column for column, of in kinds.items() if of.startswith(NUMBERS)]
    told += by_column("nulls", of_each(lambda reader: reader.nulls()), is_same)
    told += by_column("sum", of_each(lambda reader: reader.sums(numbers)), is_same_sum)
    return told + by_cell(of_each(lambda reader: reader.cells()))


def main(folder: str) -> None:
    os.chdir(folder)  # the guide's lines are for somebody in the folder of the project
    tables, slips = newest(), 0
    if not tables:
        sys.exit("the newest version has no tables")
    for name, table in tables.items():
        told = compare(name, tables)
        rows = sum(file["rows"] for file in table["files"])
        print(f"{name:45}{rows:>9,} rows{len(table['columns']):>4} columns{len(table['files']):>4} files  "
              f"{'differs' if told else 'the same'}")
        for line in told:
            print(f"  {name}: {line}")
        slips += len(told)
    tools = ", ".join(f"{tool.__name__} {tool.__version__}" for tool in (duckdb, pyarrow, polars))
    print(f"{len(tables)} tables in {tools}: {f'{slips} differences' if slips else 'the same in every cell'}")
    sys.exit(1 if slips else 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
