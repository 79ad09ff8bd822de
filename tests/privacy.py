"""Tries to read small groups out of everything that a metric with `minimum_group` shows, with a linear solver.

    python3 tests/privacy.py target/debug/scorewright
    python3 tests/privacy.py target/debug/scorewright --tables 1000 --seed 7

Needs scipy. Each table is a metric over random answers of a few teams and sites in some months; three versions are
published, later ones with answers that came late, were corrected or taken back. The solver knows, of every version, each
figure of `kpi.value` that is the truth of that version, and that people are counted in whole groups that make the total and
in months that make the quarter and the year. Nothing else: what it does not know it bounds by zero.

It must not be able to tell

- the size of a group of fewer people than `minimum_group`, nor of two such groups together;
- by how many people a group changed between two versions, where those are fewer.

Every figure that is shown is compared with the plain count of the answers, now or in the version that first showed it, and
pages and scorecard.json with `kpi.value`.
"""

import argparse
import csv
import io
import itertools
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

SMALLEST = 5
MONTHS = [f"2025-{month:02}" for month in range(7, 13)]
TEAMS, SITES = ["North", "South", "East", "West"], ["Kiel", "Ulm", "Hof"]
AT_ONCE = 40

SOURCE = """title = "Answers"
files = "answers.csv"
format = "csv"
key = ["answer_id"]
watermark = "answered_at"

[columns]
answer_id = { type = "text" }
survey = { type = "text" }
team = { type = "text" }
site = { type = "text" }
answered_at = { type = "timestamp", time_zone = "UTC", required = true }
is_good = { type = "boolean" }
"""

METRIC = """title = "Mood {name}"
says = "Share of answers that are good"
unit = "share"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.answer"
time = "answered_at"
filter = "survey = '{name}'"
numerator = "count(*) FILTER (WHERE is_good)"
denominator = "count(*)"
by = ["team", "site"]
grains = ["month", "quarter", "year"]
minimum_sample = 1
minimum_group = {smallest}
"""


def project(folder: Path, names: list[str]) -> None:
    def put(path: str, text: str) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)

    put("scorewright.toml", 'name = "P"\ntime_zone = "UTC"\ncurrency = "EUR"\n')
    put("pipelines/sources/answers.toml", SOURCE)
    put("pipelines/models/fact/answer.sql", "SELECT answer_id, survey, team, site, answered_at, is_good FROM raw.answers")
    columns = ["answer_id", "survey", "team", "site", "answered_at", "is_good"]
    put("pipelines/models/fact/answer.toml", 'says = "One row per answer."\ngrain = ["answer_id"]\n\n[columns]\n'
        + "".join(f'{column} = "As delivered"\n' for column in columns))
    for name in names:
        put(f"pipelines/metrics/{name}.toml", METRIC.format(name=name, smallest=SMALLEST))
    lines = json.dumps(names[:5])
    breakdowns = "".join(f'[[breakdown]]\nmetric = "{name}"\nby = "{by}"\n\n' for name in names[:5] for by in ("team", "site"))
    put("reports/mood/report.toml", f'title = "Mood"\ngrain = "month"\nhistory = 6\n\n[[group]]\ntitle = "All"\nlines = {lines}\n\n{breakdowns}')
    (folder / "extracts").mkdir()


# The answers: (survey, team, site, month, good), by number.

def first_answers(dice: random.Random, name: str) -> dict[str, tuple]:
    """Teams and sites of very different sizes; some months nearly empty."""
    teams, sites = TEAMS[:dice.randint(2, 4)], SITES[:dice.randint(2, 3)]
    weights = {place: dice.choice([0.4, 1, 2, 6]) for place in teams + sites}
    answers = {}
    for month in MONTHS:
        for _ in range(dice.choice([3, 8, 15, 25, 40])):
            team = dice.choices(teams, [weights[team] for team in teams])[0]
            site = dice.choices(sites, [weights[site] for site in sites])[0]
            answers[f"{name}-{len(answers)}"] = (name, team, site, month, dice.random() < 0.7)
    return answers


def changed(dice: random.Random, answers: dict[str, tuple], name: str, version: int) -> dict[str, tuple]:
    answers = dict(answers)
    for at in range(dice.choice([0, 1, 2, 6, 12, 30])):
        place = dice.choice(list(answers.values()))
        answers[f"{name}-{version}-{at}"] = (name, *place[1:4], dice.random() < 0.7)
    for number in dice.sample(sorted(answers), dice.choice([0, 0, 1, 2])):
        if dice.random() < 0.5:
            del answers[number]
        else:
            survey, team, site, month, good = answers[number]
            answers[number] = (survey, team, site, month, not good)
    return answers


def extract(answers: dict[str, tuple]) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["answer_id", "survey", "team", "site", "answered_at", "is_good"])
    for number, (survey, team, site, month, good) in sorted(answers.items()):
        write([number, survey, team, site, f"{month}-11 10:00:00", str(good).lower()])
    # So that every month is known to have been delivered.
    write(["end", "none", "North", "Kiel", "2026-01-05 10:00:00", "true"])
    return out.getvalue()


# Periods, and what is true of them.

PERIODS = {month: [month] for month in MONTHS} | {"2025-Q3": MONTHS[:3], "2025-Q4": MONTHS[3:], "2025": MONTHS}
CELLS = [("", "")] + [("team", team) for team in TEAMS] + [("site", site) for site in SITES]


def count(answers: dict[str, tuple], period: str, cell: tuple) -> tuple[int, int]:
    dimension, value = cell
    at = {"team": 1, "site": 2}.get(dimension)
    found = [one for one in answers.values() if one[3] in PERIODS[period] and (at is None or one[at] == value)]
    return len(found), sum(one[4] for one in found)


class Solver:
    """Knows sums over groups of unknown size: one for each version, month, dimension and value."""

    def __init__(self, versions: int):
        self.at = {key: number for number, key in enumerate(itertools.product(range(versions), MONTHS, CELLS[1:]))}
        self.rows, self.sums = [], []
        for version, month in itertools.product(range(versions), MONTHS):
            sides = [self.sum_of(version, month, ("", ""), by) for by in ("team", "site")]
            self.know(sides[0] - sides[1], 0)

    def sum_of(self, version: int, period: str, cell: tuple, by: str = "team") -> np.ndarray:
        row = np.zeros(len(self.at))
        for month in PERIODS[period]:
            for part in CELLS[1:]:
                if part == cell or (cell == ("", "") and part[0] == by):
                    row[self.at[version, month, part]] += 1
        return row

    def know(self, row: np.ndarray, value: float) -> None:
        self.rows.append(row)
        self.sums.append(value)

    def span(self, row: np.ndarray) -> tuple[float, float]:
        """The least and the most that a sum can be; the same where it can be told."""
        rows, sums = np.array(self.rows), np.array(self.sums)
        ends = []
        for sign in (1, -1):
            found = linprog(sign * row, A_eq=rows, b_eq=sums, bounds=(0, None), method="highs")
            if found.status == 3:
                ends.append(-sign * np.inf)
            elif found.status == 0:
                ends.append(sign * found.fun)
            else:
                sys.exit(f"the solver found no answer: {found.message}")
        return ends[0], ends[1]


def attack(name: str, versions: list[tuple[dict, dict]], tally: Counter) -> None:
    """`versions`: the answers, and what is shown: count and good ones by period and cell."""
    solver, told = Solver(len(versions)), {}
    for version, (answers, shown) in enumerate(versions):
        for period, cell in itertools.product(PERIODS, CELLS):
            truth = count(answers, period, cell)
            told[version, period, cell] = truth
            figure = shown.get((period, cell))
            if figure is None and truth[0] == 0:
                figure = (0, 0)  # A segment that is not stated has nobody.
            if figure == truth:
                solver.know(solver.sum_of(version, period, cell), truth[0])
            tally["shown" if figure == truth else "hidden or held"] += 1
    for version, period in itertools.product(range(len(versions)), PERIODS):
        for dimension in ("team", "site"):
            few = [cell for cell in CELLS[1:] if cell[0] == dimension and 0 < told[version, period, cell][0] < SMALLEST]
            for group in [[cell] for cell in few] + [list(pair) for pair in itertools.combinations(few, 2)]:
                if sum(told[version, period, cell][0] for cell in group) < SMALLEST:
                    refuse(solver, name, f"version {version}, {period}, {group}",
                           sum(solver.sum_of(version, period, cell) for cell in group), tally)
    for version, period, cell in itertools.product(range(1, len(versions)), PERIODS, CELLS):
        for before in range(version):
            (now, good), (then, good_then) = told[version, period, cell], told[before, period, cell]
            if abs(now - then) < SMALLEST and (now, good) != (then, good_then):
                row = solver.sum_of(version, period, cell) - solver.sum_of(before, period, cell)
                refuse(solver, name, f"change of {period} {cell} from version {before} to {version}", row, tally)


def refuse(solver: Solver, name: str, what: str, row: np.ndarray, tally: Counter) -> None:
    low, high = solver.span(row)
    tally["attempts"] += 1
    if high - low < 0.5:
        sys.exit(f"{name}: {what} can be told: {low:.3f}")


# The program under test.

def say(binary: Path, folder: Path, *words: str) -> str:
    ended = subprocess.run([binary, *words, "--project", folder], capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"{words[0]}: exit status {ended.returncode}\n{ended.stderr[-4000:]}")
    return ended.stdout


def shown_values(binary: Path, folder: Path) -> dict[str, dict]:
    text = say(binary, folder, "query", "--output", "csv", "SELECT metric, period, dimension, segment, n, numerator, "
               "denominator, value, low, high, null_reason FROM kpi.value")
    shown: dict[str, dict] = {}
    for row in csv.DictReader(io.StringIO(text)):
        cell = (row["period"], (row["dimension"], row["segment"]))
        of_metric = shown.setdefault(row["metric"], {})
        if row["null_reason"] == "suppressed":
            if any(row[column] for column in ("n", "numerator", "denominator", "value", "low", "high")):
                sys.exit(f"a hidden figure is told: {row}")
            of_metric[cell] = None
        elif row["n"] != "":
            of_metric[cell] = (int(row["n"]), round(float(row["numerator"] or 0)))
    return shown


def check_page(folder: Path, shown: dict[str, dict]) -> int:
    """Pages say what `kpi.value` says, and of hidden groups no more than their names."""
    card = json.loads(next((folder / "out/pages/mood").glob("2025-12/scorecard.json")).read_text())
    seen = 0
    for group in card["groups"]:
        for line in group["lines"]:
            figure = shown[line["metric"]].get((line["period"]["label"], ("", "")))
            if line["n"] != (figure[0] if figure else None):
                sys.exit(f"the page shows n = {line['n']} of {line['id']}, and {figure} is to be shown")
            for point in line["series"]:
                is_hidden = shown[line["metric"]].get((point["period"], ("", "")), ()) is None
                if is_hidden and point["value"] is not None:
                    sys.exit(f"the trend of {line['id']} shows {point}")
    for table in card["breakdowns"]:
        for part in table["slices"]:
            figure = shown[table["line"]].get((table["period"]["label"], (table["by"], part["segment"])))
            if figure is None or part["n"] != figure[0]:
                sys.exit(f"the page shows {part['segment']} with {part['n']}, and {figure} is to be shown")
            seen += 1
    return seen


def check_truth(name: str, versions: list[tuple[dict, dict]]) -> None:
    """What is shown is what was counted, now or when it was first shown."""
    for at, (_, shown) in enumerate(versions):
        for (period, cell), figure in shown.items():
            counted = [count(answers, period, cell) for answers, _ in versions[:at + 1]]
            if figure is not None and figure not in counted:
                sys.exit(f"{name}: {period} {cell} shows {figure}, and there were {counted}")
            if figure is not None and 0 < figure[0] < SMALLEST:
                sys.exit(f"{name}: {period} {cell} shows {figure}")


def attack_some(binary: Path, dice: random.Random, names: list[str], tally: Counter) -> None:
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        project(folder, names)
        answers = {name: first_answers(dice, name) for name in names}
        versions: dict[str, list] = {name: [] for name in names}
        for version in range(3):
            if version:
                answers = {name: changed(dice, own, name, version) for name, own in answers.items()}
            everything = {number: one for own in answers.values() for number, one in own.items()}
            (folder / "extracts/answers.csv").write_text(extract(everything))
            say(binary, folder, "run", "--as-of", "2026-01-06")
            shown = shown_values(binary, folder)
            tally["slices"] += check_page(folder, shown)
            for name in names:
                versions[name].append((answers[name], shown[name]))
    for name in names:
        check_truth(name, versions[name])
        attack(name, versions[name], tally)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("binary", type=Path)
    options.add_argument("--tables", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    dice, tally = random.Random(options.seed), Counter()
    names = [f"mood_{number}" for number in range(options.tables)]
    for some in itertools.batched(names, AT_ONCE) if sys.version_info >= (3, 12) else batches(names):
        attack_some(options.binary.resolve(), dice, list(some), tally)
    if not (tally["attempts"] and tally["shown"] and tally["hidden or held"] and tally["slices"]):
        sys.exit(f"nothing was tried: {dict(tally)}")
    print(f"{options.tables} tables in 3 versions: {tally['shown']} figures shown, {tally['hidden or held']} hidden or as before, "
          f"{tally['attempts']} attempts to tell of fewer than {SMALLEST} people, none succeeded")


def batches(names: list[str]):
    return (names[at:at + AT_ONCE] for at in range(0, len(names), AT_ONCE))


if __name__ == "__main__":
    main()
