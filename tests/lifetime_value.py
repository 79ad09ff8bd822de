"""The model of buying beside what its authors print, and beside a second computation by scipy.

    python3 tests/lifetime_value.py target/debug/scorewright
    python3 tests/lifetime_value.py target/release/scorewright --customers 1000000

The first fits the 2,357 customers of CDNOW that are published for teaching, by a project of sources, one model and three
metrics, as of 1 October 1997. Parameters are those that Fader, Hardie and Lee print; parameters, means and standard errors are those of
scipy, from the formulas as they are printed. The customers come from the Python package Lifetimes, which is taken for its data alone.

The second makes so many customers up, and says how long the run takes. Needs pip, numpy and scipy.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

# Marketing Science 24 (2005), table 2; The Gamma-Gamma Model of Monetary Value (2013), section 5.
PRINTED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "p": 6.25, "q": 3.74, "gamma": 15.44}
AS_OF, DAYS, RATE = date(1997, 10, 1), 365, 0.1
STEPS = 12

PROJECT = 'name = "CDNOW"\ntime_zone = "UTC"\ncurrency = "USD"\n'
SOURCE = """title = "Purchases"
files = "purchases.csv"
format = "csv"
[columns]
customer_id = { type = "text", required = true }
bought_on = { type = "date", required = true }
amount = { type = "decimal", scale = 2, required = true }
"""
MODEL = """-- One row per purchase.
-- grain: purchase_id
SELECT _line AS purchase_id, customer_id, bought_on, amount FROM raw.purchases
"""
COMPANION = """says = "One row per purchase."
grain = ["purchase_id"]
[columns]
purchase_id = "Line of the extract"
customer_id = "Who bought"
bought_on = "When"
amount = "For how much"
"""
METRIC = """title = "{name}"
says = "{name}"
unit = "{unit}"
direction = "higher_is_better"
kind = "model"
model = "bg_nbd"
fact = "fact.purchase"
time = "bought_on"
entity = "customer_id"
predicts = "{name}"
"""
UNITS = {"value": "money", "orders": "count", "alive": "share"}


def project(folder: Path, purchases) -> None:
    for path, text in {
        "scorewright.toml": PROJECT,
        "pipelines/sources/purchases.toml": SOURCE,
        "pipelines/models/fact/purchase.sql": MODEL,
        "pipelines/models/fact/purchase.toml": COMPANION,
        **{f"pipelines/metrics/{name}.toml": METRIC.format(name=name, unit=unit)
           + ('amount = "amount"\n' if name == "value" else "") for name, unit in UNITS.items()},
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "extracts").mkdir()
    with open(folder / "extracts" / "purchases.csv", "w") as out:
        out.write("customer_id,bought_on,amount\n")
        out.writelines(f"{who},{day},{amount:.2f}\n" for who, day, amount in purchases)


def run(binary: Path, folder: Path, as_of: date) -> float:
    started = time.monotonic()
    ended = subprocess.run([binary, "run", "--project", folder, "--as-of", str(as_of)], capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(f"the run ended with {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return time.monotonic() - started


def figures(binary: Path, folder: Path) -> dict:
    sql = 'SELECT metric, statistic, value, low, high, n, numerator FROM kpi.value'
    asked = subprocess.run([binary, "query", "--project", folder, "--output", "json", sql],
                           capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in asked.stdout.splitlines() if line.startswith("{")] or json.loads(asked.stdout)
    return {(row["metric"], row["statistic"]): row for row in rows}


def sample(folder: Path):
    """Customer, day and amount of each purchase of the published sample, those of a day together."""
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "Lifetimes==0.11.3", "--dest", folder],
                   check=True)
    wheel = next(folder.glob("*.whl"))
    lines = zipfile.ZipFile(wheel).read("lifetimes/datasets/CDNOW_sample.txt").decode().splitlines()
    for line in filter(str.strip, lines):
        _, who, day, _, amount = line.split()
        yield who, date(int(day[:4]), int(day[4:6]), int(day[6:])), float(amount)


def histories(purchases):
    """Repeats, recency and age in weeks, mean amount of the repeats, one row for each customer."""
    days: dict = {}
    for who, day, amount in purchases:
        if day < AS_OF:
            of = days.setdefault(who, {})
            of[day] = of.get(day, 0.0) + amount
    rows = []
    for of in days.values():
        first, last = min(of), max(of)
        later = [amount for day, amount in of.items() if day > first]
        rows.append((len(of) - 1, (last - first).days / 7, ((AS_OF - first).days - 1) / 7, sum(later) / max(len(later), 1)))
    return np.array(rows).T


def bg_nbd(logs, x, recency, age):
    r, alpha, a, b = np.exp(logs)
    counts = (gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x))
    stays = -(r + x) * np.log(alpha + age)
    goes = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency), -np.inf)
    return -(counts + np.logaddexp(stays, goes)).sum()


def gamma_gamma(logs, x, mean):
    p, q, gamma = np.exp(logs[0]), 1 + np.exp(logs[1]), np.exp(logs[2])
    return -(gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma) + (p * x - 1) * np.log(mean)
             + p * x * np.log(x) - (p * x + q) * np.log(gamma + mean * x)).sum()


def fitted(height, start):
    at = np.log(start)
    for _ in range(4):
        at = minimize(height, at, method="Nelder-Mead", options={"maxfev": 40_000, "maxiter": 40_000, "xatol": 1e-12, "fatol": 1e-13}).x
    return at


def hessian(height, at, apart=1e-3):
    moves = np.eye(len(at)) * apart
    return np.array([[(height(at + one + other) - height(at + one - other) - height(at - one + other) + height(at - one - other))
                      / (4 * apart ** 2) for other in moves] for one in moves])


def purchases_within(logs, weeks, x, recency, age):
    r, alpha, a, b = np.exp(logs)
    share = weeks / (alpha + age + weeks)
    top = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + weeks)) ** (r + x)
                                       * hyp2f1(r + x, b + x, a + b + x - 1, share))
    return top / (1 + stopped(logs, x, recency, age))


def stopped(logs, x, recency, age):
    r, alpha, a, b = np.exp(logs)
    return np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + recency)) ** (r + x), 0)


def discounted(logs, *history):
    step, total, before = DAYS / STEPS, 0, 0
    for number in range(1, STEPS + 1):
        until = purchases_within(logs, number * step / 7, *history)
        total, before = total + (until - before) / (1 + RATE) ** ((number - 0.5) * step / 365.25), until
    return total


def worth(logs, x, mean):
    p, q, gamma = np.exp(logs[0]), 1 + np.exp(logs[1]), np.exp(logs[2])
    return p * (gamma + x * mean) / (p * x + q - 1)


def error(figure, at, inverse, apart=1e-4):
    slopes = np.array([(figure(at + move) - figure(at - move)) / (2 * apart) for move in np.eye(len(at)) * apart])
    return float(np.sqrt(slopes @ inverse @ slopes))


def compare(what: str, found: float, expected: float, tolerance: float) -> None:
    if not abs(found - expected) <= tolerance * abs(expected):
        sys.exit(f"{what}: {found}, expected {expected}")


def check_sample(binary: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        purchases = list(sample(folder))
        project(folder / "project", purchases)
        run(binary, folder / "project", AS_OF)
        ours = figures(binary, folder / "project")
    x, recency, age, mean = histories(purchases)
    came_back, paid = x > 0, (x > 0) & (mean > 0)
    height, spends = lambda at: bg_nbd(at, x, recency, age), lambda at: gamma_gamma(at, x[paid], mean[paid])
    at, of_spends = fitted(height, [0.25, 4, 0.8, 2.5]), fitted(spends, [5, 2.5, 10])
    inverse, inverse_of_spends = np.linalg.inv(hessian(height, at)), np.linalg.inv(hessian(spends, of_spends))
    parameters = dict(zip(("r", "alpha", "a", "b"), np.exp(at)))
    parameters |= dict(zip(("p", "q", "gamma"), np.exp(of_spends) + np.array([0, 1, 0])))
    for parameter, expected in parameters.items():
        found = ours["value", parameter]["value"]
        compare(parameter, found, expected, 2e-6)
        if abs(found - PRINTED[parameter]) > (6e-4 if parameter in ("r", "alpha", "a", "b") else 1e-2):
            sys.exit(f"{parameter}: {found}, printed as {PRINTED[parameter]}")
    compare("log_likelihood", ours["value", "log_likelihood"]["value"], -height(at), 1e-10)
    compare("log_likelihood_of_spends", ours["value", "log_likelihood_of_spends"]["value"], -spends(of_spends), 1e-10)
    history = (x, recency, age)
    mean_of = {
        "orders": lambda logs: purchases_within(logs, DAYS / 7, *history).mean(),
        "alive": lambda logs: (1 / (1 + stopped(logs, *history)))[came_back].mean(),
        "value": lambda logs: (discounted(logs, *history) * worth(of_spends, x, mean)).mean(),
    }
    for name, figure in mean_of.items():
        row = ours[name, "value"]
        compare(name, row["value"], figure(at), 2e-6)
        square = error(figure, at, inverse) ** 2
        if name == "value":
            once = discounted(at, *history)
            square += error(lambda logs: (once * worth(logs, x, mean)).mean(), of_spends, inverse_of_spends) ** 2
        compare(f"interval of {name}", row["high"] - row["low"], 2 * 1.959963984540054 * square ** 0.5, 1e-3)
        compare(f"customers of {name}", row["n"], came_back.sum() if name == "alive" else len(x), 0)
    print(f"{len(x)} customers: parameters as printed, {len(parameters)} parameters, 3 means and their errors as scipy's; "
          f"foretold wrongly by {ours['value', 'holdout_error']['value']:+.1%} of a time held out")


def made_up(customers: int):
    """Customers of a BG/NBD and a Gamma-Gamma model, of two years before the as-of day."""
    dice, first_day = np.random.default_rng(1), AS_OF - timedelta(days=730)
    begins = dice.integers(0, 700, customers)
    rates, chances = dice.gamma(0.25, 1 / 31.0, customers), dice.beta(0.8, 2.4, customers)
    scales = 1 / dice.gamma(3.7, 1 / 15.4, customers)
    for who in range(customers):
        day = float(begins[who])
        while day < 730:
            yield who, first_day + timedelta(days=int(day)), dice.gamma(6.25, 1) * scales[who] + 0.01
            if day != begins[who] and dice.random() < chances[who]:
                break
            day += dice.exponential(1 / rates[who]) if rates[who] > 1e-9 else 1e9


def check_speed(binary: Path, customers: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        project(folder, made_up(customers))
        took = run(binary, folder, AS_OF)
        ours = figures(binary, folder)
    print(f"{ours['orders', 'value']['n']} customers: {took:.1f} s for landing, the fact and three metrics; a customer is worth "
          f"{ours['value', 'value']['value']:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--customers", type=int, help="make so many customers up instead, and measure the run")
    options = parser.parse_args()
    if options.customers:
        check_speed(options.binary.resolve(), options.customers)
    else:
        check_sample(options.binary.resolve())
