"""The table of the whole job: what was measured, beside what it must be."""

from dataclasses import dataclass
from statistics import median

FULL, DAY, IDLE = "full", "day on 24 months", "nothing new"
# At most this share of what DuckDB takes.
MOST_FULL = {"wall": 0.50, "cpu": 0.50, "rss": 0.75}
MOST_DAY = {"wall": 0.40, "cpu": 0.40}
MOST_MEASURE = 0.60
# A day on 24 months, in times of one on 6; a row at ten times the size, in times of one.
MOST_GROWTH = 1.15
MOST_IDLE = {"wall": 0.030, "rss": 30e6}
# Bytes to disk for each byte that a day delivers; pages a second.
MOST_WRITTEN, LEAST_SCORECARDS = 4, 1000
UNITS = {"wall": "s", "cpu": "CPU s", "rss": "MB"}


@dataclass
class Row:
    """One line: figures as they are shown, the one that is judged, and whether it is as it must be (`None`: no must)."""

    what: str
    duckdb: str
    ours: str
    ratio: str
    must: str = ""
    is_met: bool | None = None

    def __str__(self) -> str:
        met = {None: "", True: "met", False: "NOT MET"}[self.is_met]
        return f"{self.what:46}{self.duckdb:>11}{self.ours:>11}{self.ratio:>8}{self.must:>10}  {met}"


def rows(lines: list[dict], large: int) -> list[Row]:
    """The lines of the table, from all measurements of a run of the bench."""
    of = Measured([line for line in lines if line["customers"] != large])
    table = [beside(of, FULL, name, MOST_FULL.get(name)) for name in UNITS]
    table.append(measuring(of, FULL))
    table += [beside(of, DAY, name, MOST_DAY.get(name)) for name in UNITS]
    table.append(measuring(of, DAY, None))
    table += [growth(of, "cpu", MOST_GROWTH), growth(of, "rss", None), *written(of), *title(of)]
    table += [alone(of, IDLE, name, MOST_IDLE[name]) for name in MOST_IDLE]
    table.append(scorecards(of))
    table.append(row_cost(of, [line for line in lines if line["customers"] == large]))
    return table


class Measured:
    def __init__(self, lines: list[dict]):
        self.lines = lines

    def all(self, case: str, who: str, value) -> list[float]:
        take = value if callable(value) else lambda line: line[value]
        return [take(line) for line in self.lines if (line["case"], line["who"]) == (case, who)]

    def middle(self, case: str, who: str, value) -> float:
        return median(self.all(case, who, value))

    def ratio(self, case: str, value) -> float:
        return median(mine / other for mine, other in zip(self.all(case, "ours", value), self.all(case, "duckdb", value)))


def beside(of: Measured, case: str, name: str, most: float | None) -> Row:
    ratio = of.ratio(case, name)
    duckdb, ours = (shown(name, of.middle(case, who, name)) for who in ("duckdb", "ours"))
    return Row(f"{case}, {UNITS[name]}", duckdb, ours, f"{ratio:.2f}", *at_most(ratio, most))


def measuring(of: Measured, case: str, most: float | None = MOST_MEASURE) -> Row:
    def step(line: dict) -> float:
        return line["steps"].get("measure", 0)

    ratio = of.ratio(case, step)
    duckdb, ours = (f"{of.middle(case, who, step):.2f}" for who in ("duckdb", "ours"))
    return Row(f"{case}, measuring alone, s", duckdb, ours, f"{ratio:.2f}", *at_most(ratio, most))


def growth(of: Measured, name: str, most: float | None) -> Row:
    def times(who: str) -> float:
        short, long = (of.all(f"day on {months} months", who, name) for months in (6, 24))
        return median(late / early for early, late in zip(short, long))

    duckdb, ours = (f"{times(who):.2f}x" for who in ("duckdb", "ours"))
    return Row(f"day, {UNITS[name]} on 24 months against 6", duckdb, ours, "", *at_most(times("ours"), most))


def written(of: Measured) -> list[Row]:
    """By what was given to the disk, which holds what was removed again, too; and by the files that are new."""
    table = []
    for name, told, most in (("to_disk", "written to disk", MOST_WRITTEN), ("made", "left as new files", None)):
        def share(line: dict) -> float:
            return line[name] / line["delivered"]
        ours, peer = of.middle(DAY, "ours", share), of.middle(DAY, "duckdb", share)
        what = f"day, bytes {told} for one delivered"
        table.append(Row(what, f"{peer:.1f}", f"{ours:.1f}", f"{ours / peer:.2f}", *at_most(ours, most)))
    return table


def title(of: Measured) -> list[Row]:
    again, cpu = of.middle("title", "ours", "metrics_measured"), of.middle("title", "ours", "cpu")
    return [Row("title edited, metrics measured again", "", f"{again:.0f}", "", *at_most(again, 0)),
            Row("title edited, CPU s", "", f"{cpu:.2f}", "")]


def alone(of: Measured, case: str, name: str, most: float) -> Row:
    ours = of.middle(case, "ours", name)
    return Row(f"{case}, {UNITS[name]}", shown(name, of.middle(case, "duckdb", name), 3), shown(name, ours, 3), "",
               shown(name, most, 3), ours <= most)


def scorecards(of: Measured) -> Row:
    rate = of.middle("scorecards", "ours", lambda line: line["pages"] / line["wall"])
    must, is_met = f">={LEAST_SCORECARDS}", rate >= LEAST_SCORECARDS
    return Row("scorecards a second, HTML, Markdown and JSON", "", f"{rate:.0f}", "", must, is_met)


def row_cost(of: Measured, large: list[dict]) -> Row:
    count = of.middle(FULL, "ours", "rows")
    costs = {who: of.middle(FULL, who, "cpu") / count * 1e6 for who in ("ours", "duckdb")}
    if not large:
        duckdb, ours = costs["duckdb"], costs["ours"]
        return Row("CPU a row, microseconds", f"{duckdb:.2f}", f"{ours:.2f}", f"{ours / duckdb:.2f}", "--large", None)
    there = Measured(large)
    count = there.middle(FULL, "ours", "rows")
    times = {who: there.middle(FULL, who, "cpu") / count * 1e6 / cost for who, cost in costs.items()}
    return Row(f"CPU a row, {count / 1e6:.1f} million against fewer", f"{times['duckdb']:.2f}x", f"{times['ours']:.2f}x", "",
               *at_most(times["ours"], MOST_GROWTH))


def at_most(value: float, most: float | None) -> tuple[str, bool | None]:
    return ("", None) if most is None else (f"<={most:.2f}" if most else "0", value <= most)


def shown(name: str, value: float, digits: int = 2) -> str:
    return f"{value / 1e6:.0f}" if name == "rss" else f"{value:.{digits}f}"


def stages(of: Measured, case: str) -> str:
    """Shares of the steps of our run, of its wall time; the rest is start, commit and end."""
    lines = [line for line in of.lines if (line["case"], line["who"]) == (case, "ours")]
    names = list(dict.fromkeys(name for line in lines for name in line["steps"]))
    shares = {name: median(line["steps"].get(name, 0) / line["wall"] for line in lines) for name in names}
    return ", ".join(f"{name} {share:.0%}" for name, share in shares.items()) + f", the rest {1 - sum(shares.values()):.0%}"
