"""The project and the extracts of the whole job: the demo, reduced by files alone to what its DuckDB peer makes too.

What is left is checked and measured as strictly as in the demo; one metric is added, of e-mails.
"""

import csv
import gzip
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

# The last day is a Monday of full volume with which a month ends, so that values are made anew and not merged alone.
# Newsletters go out on a Tuesday every four weeks: --as-of 2026-11-25 has one, with a hundred times the rows of e-mails.
AS_OF = "2026-12-01"
WEEKS, ZONE = 105, ZoneInfo("Europe/Berlin")
# Months of history before the last day.
HISTORIES = (6, 24)

METRICS = {"csat_top2", "nps", "ces", "first_reply", "full_resolution", "one_touch", "sla_attainment", "logo_churn",
           "active_customers", "revenue", "average_purchase_value"}
DROPPED = [f"pipelines/models/{name}" for name in (
    "staging/employee_survey", "staging/employee_answer", "staging/salesforce_opportunities", "staging/opportunity",
    "staging/zendesk_satisfaction_ratings", "staging/ticket_rating", "fact/employee_answer", "fact/opportunity",
    "fact/ticket_rating", "fact/buyer", "fact/customer_order")] + [f"pipelines/sources/{name}" for name in (
    "employee_survey", "salesforce_opportunities", "zendesk_satisfaction_ratings")]
# Parts of files that name what is dropped.
CUT = {
    "pipelines/models/dim/team.sql": r"\n    UNION ALL\n    SELECT team, 0 AS is_support FROM staging\.employee_answer",
    "pipelines/checks/no_test_account_is_counted.sql": r"    UNION ALL SELECT customer_id FROM fact\.opportunity .*\n",
    "pipelines/identity.toml": r"\[\[tables\]\]\ntable = \"staging\.opportunity\"\n(?:.+\n)+\n?",
    "pipelines/targets.toml": r"\[\[target\]\]\nmetric = \"sales_growth\"\n(?:.+\n)+",
    "reports/scorecard/report.toml": r"    \"(?:reopen_rate|sales_growth|purchase_frequency|clv_seed)\",\n",
}
CLICK_RATE = """title = "Clicks"
says = "Clicks of people for each message delivered, of those sent in the period"
version = 1
unit = "share"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.email_event"
time = "sent_at"
numerator = "count(*) FILTER (WHERE kind = 'click' AND NOT is_machine)"
denominator = "count(*) FILTER (WHERE kind = 'delivered')"
by = ["segment", "region"]
interval = "none"
"""


def make_demo(binary: Path, folder: Path, customers: int, as_of: str) -> None:
    """The project, and in `extracts/` what its sources read, up to the as-of day."""
    shutil.rmtree(folder, ignore_errors=True)
    size = ["--customers", str(customers), "--weeks", str(WEEKS), "--as-of", as_of]
    subprocess.run([binary, "demo", folder, *size, "--only-extracts"], check=True, capture_output=True)
    for name in DROPPED:
        for file in folder.glob(f"{name}.*"):
            file.unlink()
    for metric in (folder / "pipelines" / "metrics").glob("*.toml"):
        if metric.stem not in METRICS:
            metric.unlink()
    (folder / "pipelines" / "metrics" / "click_rate.toml").write_text(CLICK_RATE)
    for name, pattern in CUT.items():
        words, times = re.subn(pattern, "", (folder / name).read_text())
        if not times:
            raise SystemExit(f"`{name}` of the demo has nothing like `{pattern}` any more: mend CUT in {Path(__file__).name}")
        (folder / name).write_text(words)
    for name in ("employee_survey.csv", "salesforce_opportunities.csv", "zendesk_satisfaction_ratings.csv"):
        (folder / "extracts" / name).unlink()
    for file in sorted((folder / "extracts").iterdir()):
        end_with_the_day(file, as_of)


def end_with_the_day(file: Path, as_of: str) -> None:
    """Leaves out what the demo has from the as-of day: it ends at midnight in UTC, the company's day an hour earlier or two.

    A delivery of the night has no such rows. Of a ticket that changed in that hour we would state the version before.
    """
    source, changed_on, _ = rule_of(file)
    begins, ends = moment(as_of), moment(str(date.fromisoformat(as_of) + timedelta(days=2)))
    fresh, reader, left_out = file.with_name(f"new-{file.name}"), records(file), set()
    header_raw, header = next(reader)
    with opened(fresh, "wt") as kept:
        kept.write(header_raw)
        for raw, row in reader:
            cells = dict(zip(header, row)) if len(row) == len(header) else {}
            is_late = any(begins <= plain(cells.get(name, "")) < ends for name in changed_on[:2])
            if is_late:
                left_out.add(cells.get("Name"))
            if not is_late and not (source == "orders" and cells.get("Name") in left_out):
                kept.write(raw)
    fresh.rename(file)


def rule_of(file: Path) -> tuple[str, tuple[str, ...], str]:
    return next(rule for rule in RULES if file.name.startswith(rule[0]))


def split_days(extracts: Path, folder: Path, months: int, as_of: str) -> None:
    """`extracts/`: some months before the last day, as a night finds them; `day/`: what is delivered of that day.

    A ticket that the day changed is in the former with its state of before, as is a subscription.
    """
    shutil.rmtree(folder, ignore_errors=True)
    last = day_before(as_of)
    cut = moment(last)
    since = str(date.fromisoformat(last) - timedelta(days=months * 365 // 12)) if months < max(HISTORIES) else ""
    for file in extracts.iterdir():
        base, day = (folder / name / renamed for name, renamed in (("extracts", file.name), ("day", of_day(file.name))))
        for path in (base, day):
            path.parent.mkdir(parents=True, exist_ok=True)
        with opened(base, "wt") as before, opened(day, "wt") as new:
            is_delivered = split(file, before, new, cut, since)
        if not is_delivered:
            day.unlink()


def split(file: Path, before, new, cut: str, since: str) -> bool:
    """Writes the rows of a file to both; whether any is of the day."""
    reader, (source, changed_on, happened_on) = records(file), rule_of(file)
    header_raw, header = next(reader)
    for out in (before, new):
        out.write(header_raw)
    moved, number = set(), 1
    for raw, row in reader:
        number += 1
        cells = dict(zip(header, row)) if len(row) == len(header) else None
        if source == "qualtrics" and number <= 3:
            before.write(raw), new.write(raw)
        elif cells is None:
            before.write(raw)
        elif happened_on and since and since > (cells[happened_on] or "9"):
            continue
        elif any(plain(cells[name]) >= cut for name in changed_on) or (source == "orders" and cells["Name"] in moved):
            new.write(raw)
            moved.add(cells.get("Name"))
            former = FORMER.get(source, lambda cells, cut: None)(cells, cut)
            if former:
                csv.writer(before, lineterminator="\n").writerow(former.values())
        else:
            before.write(raw)
    return bool(moved)


def former_ticket(cells: dict, cut: str) -> dict | None:
    """The ticket as it was when the day began; none where it was not there yet."""
    if cells["Created at"] >= cut:
        return None
    if cells["Solved at"] and cells["Solved at"] < cut:
        return cells | {"Status": "Solved", "Updated at": cells["Solved at"]}
    return cells | {"Status": "Open", "Updated at": cells["Created at"], "Solved at": "", "Satisfaction Score": "",
                    "First resolution time in minutes": "", "Full resolution time in minutes": ""}


def former_subscription(cells: dict, cut: str) -> dict | None:
    if cells["Created (UTC)"] >= cut:
        return None
    former = cells | {"Current Period Start (UTC)": cells["Start Date (UTC)"]}
    for name in ("Canceled At (UTC)", "Ended At (UTC)"):
        former[name] = "" if former[name] >= cut else former[name]
    return former | {"Status": former["Status"] if former["Ended At (UTC)"] or cells["Status"] != "canceled" else "active"}


# Beginning of the file's name, columns that tell when a row was new or changed, and when it happened.
RULES = (("zendesk", ("Updated at",), "Created at"), ("qualtrics", ("RecordedDate",), "RecordedDate"),
         ("orders", ("Created at",), "Created at"), ("email", ("created",), "created"),
         ("salesforce", ("SystemModstamp",), ""),
         ("stripe", ("Current Period Start (UTC)", "Created (UTC)", "Canceled At (UTC)", "Ended At (UTC)"), ""))
FORMER = {"zendesk": former_ticket, "stripe": former_subscription}


def records(file: Path) -> Iterator[tuple[str, list[str]]]:
    """Records as they stand in the file, and their fields. A line that opens a quote nowhere closed is one by itself."""
    with opened(file, "rt") as lines:
        waiting: list[str] = []
        width = 0
        for line in lines:
            waiting.append(line)
            while waiting:
                raw = "".join(waiting)
                if raw.count('"') % 2 and len(waiting) < 8:
                    break
                if raw.count('"') % 2:
                    raw = waiting[0]
                row = next(csv.reader([raw.rstrip("\r\n")] if raw.count('"') % 2 else raw.splitlines(keepends=True)))
                width = width or len(row)
                yield raw, row
                waiting = waiting[1:] if raw == waiting[0] and len(waiting) > 1 else []
        for raw in waiting:
            yield raw, []


def opened(file: Path, mode: str):
    if file.suffix == ".gz":
        return gzip.open(file, mode, encoding="utf-8", newline="", compresslevel=6)
    return file.open(mode.replace("t", ""), encoding="utf-8", newline="")


def of_day(name: str) -> str:
    stem, dot, ending = name.partition(".")
    return f"{stem}_day{dot}{ending}"


def day_before(as_of: str) -> str:
    return str(date.fromisoformat(as_of) - timedelta(days=1))


def plain(told: str) -> str:
    return told.replace("T", " ")[:19]


def moment(day: str) -> str:
    return f"{datetime.fromisoformat(day).replace(tzinfo=ZONE).astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}"
