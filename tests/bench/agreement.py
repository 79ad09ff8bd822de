"""Whether Scorewright and DuckDB landed the same: every accepted row, and every reject with its reason, in order.

    python agreement.py WAREHOUSE PEER_OUT MEMORY    exit status 1 when anything differs
"""

import json
import sys
from collections import Counter
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stored_version import read_version

# Rows compared at once: the difference of two whole tables of millions of rows would not fit in memory.
SLICE = 1_000_000
BOOKS = ("accepted", "duplicates", "superseded")


class Source:
    """One source as both have it."""

    def __init__(self, connection, name: str, ours: dict[str, list[str]], peer: Path):
        self.connection, self.name, self.ours = connection, name, ours
        self.months = [str(month) for month in (peer / "raw" / name).iterdir()]
        self.rejects = [str(peer / "quarantine" / f"{name}.parquet")]

    def query(self, sql: str):
        return self.connection.execute(sql).fetchall()

    def reasons(self, files: list[str], by: str) -> list[str]:
        """Lines and records have other numbers where a quoted field holds a line break, but the same order."""
        return self.query(f"SELECT list(reason ORDER BY {by}) FROM read_parquet({files})")[0][0] or []

    def lonely(self, rows: int) -> list[int]:
        """Counts accepted rows that only one side has: ours, then DuckDB's."""
        types = {name: kind for name, kind, *_ in self.query(f"DESCRIBE FROM read_parquet({self.months})")}
        casts = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in types.items())
        found, slices = [0, 0], 1 + rows // SLICE
        for number in range(slices):
            rows = f"WHERE hash({', '.join(types)}) % {slices} = {number}"
            ours = f"FROM (SELECT {casts} FROM read_parquet({self.ours['raw']})) {rows}"
            peer = f"FROM read_parquet({self.months}) {rows}"
            for side, (these, those) in enumerate([(ours, peer), (peer, ours)]):
                found[side] += self.query(f"SELECT count(*) FROM ({these} EXCEPT {those})")[0][0]
        return found

    def differences(self, books: dict, peer_books: dict) -> list[str]:
        told = [f"{name}: ours {books[name]}, DuckDB {peer_books[name]}"
                for name in BOOKS if books[name] != peer_books[name]]
        ours, peer = self.reasons(self.ours["quarantine"], "line, byte"), self.reasons(self.rejects, "record")
        if ours != peer:
            told.append(f"rejects, or their order: ours {dict(Counter(ours))}, DuckDB {dict(Counter(peer))}")
        lonely = self.lonely(peer_books["accepted"])
        return told + ([f"accepted rows that DuckDB has not: {lonely[0]}, that we have not: {lonely[1]}"]
                       if any(lonely) else [])


def main(warehouse: Path, peer: Path, memory: str) -> None:
    current = json.loads((warehouse / "CURRENT.json").read_text())
    version = read_version(warehouse, current["version"])
    peer_books = json.loads((peer / "books.json").read_text())
    connection = duckdb.connect(config={"memory_limit": memory} if memory else {})
    connection.execute("SET TimeZone = 'UTC'")
    is_same = len(version["landings"]) == len(peer_books)
    print(f"\n{'source':30}{'accepted':>11}{'quarantined':>13}{'repeats':>9}  compared with DuckDB")
    for landing in version["landings"]:
        name, books = landing["extract"]["source"], landing["books"]
        ours = {layer: [str(warehouse / file) for file in current["tables"][f"{layer}.{name}"]]
                for layer in ("raw", "quarantine")}
        differences = Source(connection, name, ours, peer).differences(books, peer_books[name])
        repeats = books["duplicates"] + books["superseded"]
        print(f"{name:30}{books['accepted']:>11,}{books['quarantined']:>13,}{repeats:>9,}  "
              f"{'; '.join(differences) or 'the same, row for row'}")
        is_same = is_same and not differences
    sys.exit(0 if is_same else 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
