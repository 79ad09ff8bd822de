"""KPI tables of the peer: `kpi/<name>.parquet`, one row for each grain, period, dimension and segment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
GRAINS = ("week", "month")
TICKET = ("team", "priority", "segment", "channel")


@dataclass
class Kpi:
    """Measures of one fact by one of its times."""

    name: str
    fact: str
    time: str
    by: tuple[str, ...]
    columns: str
    values: str
    counts: str = "left_out IS NULL"
    # Rows that came to count, or no longer do, because the as-of day is a later one.
    turns: str = ""


KPIS = (
    Kpi("answers", "survey_answer", "answered_at", ("team", "segment", "region"), "question, score", """
        count(*) FILTER (question = 'csat' AND score >= 4) AS csat_top2_numerator,
        count(*) FILTER (question = 'csat') AS csat_top2_denominator,
        count(*) FILTER (question = 'nps' AND score >= 9) - count(*) FILTER (question = 'nps' AND score <= 6)
            AS nps_numerator,
        count(*) FILTER (question = 'nps') AS nps_denominator,
        sum(score) FILTER (question = 'ces') AS ces_numerator,
        count(*) FILTER (question = 'ces') AS ces_denominator""", "left_out IS NULL AND is_complete"),
    Kpi("first_replies", "ticket", "first_replied_at", TICKET, "first_reply_seconds", """
        count(first_reply_seconds) AS first_reply_n, avg(first_reply_seconds) AS first_reply_mean,
        quantile_cont(first_reply_seconds, [0.5, 0.9]) AS first_reply"""),
    Kpi("solutions", "ticket", "resolved_at", TICKET, "resolution_seconds, is_one_touch, replies", """
        count(resolution_seconds) AS full_resolution_n, avg(resolution_seconds) AS full_resolution_mean,
        quantile_cont(resolution_seconds, [0.5, 0.9]) AS full_resolution,
        count(*) FILTER (is_one_touch AND replies >= 1) AS one_touch_numerator,
        count(is_one_touch) FILTER (replies >= 1) AS one_touch_denominator"""),
    Kpi("promises", "ticket", "sla_due_at", TICKET, "is_sla_met", """
        count(*) FILTER (is_sla_met) AS sla_attainment_numerator, count(*) AS sla_attainment_denominator"""),
    Kpi("sales", "order", "ordered_at", ("segment", "region"),
        "net + CASE WHEN refunded_at >= '{as_of}' THEN refunded ELSE 0 END AS known_net", """
        sum(known_net) AS revenue_numerator, sum(known_net) AS average_purchase_value_numerator,
        count(*) AS average_purchase_value_denominator""", "(left_out IS NULL OR left_out_at >= '{as_of}')",
        "left_out_at >= '{former}' AND left_out_at < '{as_of}' OR refunded_at >= '{former}' AND refunded_at < '{as_of}'"),
    Kpi("engagement", "email_event", "sent_at", ("segment", "region"), "kind, is_machine", """
        count(*) FILTER (kind = 'click' AND NOT is_machine) AS click_rate_numerator,
        count(*) FILTER (kind = 'delivered') AS click_rate_denominator"""),
)


def measure(run, job, kpi: Kpi, days: set[date], write) -> None:
    """All periods the first time; later those of the days named, and those that have ended since."""
    path, facts = job.out / "kpi" / f"{kpi.name}.parquet", f"read_parquet({job.parquet(f'fact/{kpi.fact}')})"
    if job.is_first():
        write(run, values(job, kpi, facts, {}), path)
        return
    moments = {"as_of": midnight(job.as_of), "former": midnight(job.former_as_of)}
    if kpi.turns:
        days = days | {day for (day,) in run(f"""SELECT DISTINCT {local(kpi.time)}::DATE FROM {facts}
            WHERE {kpi.turns.format(**moments)}""").fetchall()}
    periods = {grain: {start(grain, day) for day in days} | ended(grain, job) for grain in GRAINS}
    if any(periods.values()):
        write(run, f"""{values(job, kpi, facts, periods)} UNION ALL BY NAME
            SELECT * FROM read_parquet('{path}') WHERE NOT ({asked(periods)})""", path)


def values(job, kpi: Kpi, facts: str, periods: dict[str, set]) -> str:
    dims = ", ".join(f"coalesce({name}, '(none)') AS {name}" for name in kpi.by)
    moments = {"as_of": midnight(job.as_of)}
    rows = f"""SELECT {trunc('week')}, {trunc('month')}, * EXCLUDE (local_at) FROM (
        SELECT {local(kpi.time)} AS local_at, {dims}, {kpi.columns.format(**moments)} FROM {facts}
        WHERE {kpi.time} IS NOT NULL AND {kpi.counts.format(**moments)} AND {between(kpi.time, periods)})"""
    if periods:
        rows = f"SELECT * FROM ({rows}) WHERE {among('week', periods['week'])} OR {among('month', periods['month'])}"
    sets = ", ".join(f"({grain}{f', {name}' if name else ''})" for grain in GRAINS for name in ("", *kpi.by))
    table = f"""SELECT CASE WHEN grouping(week) = 0 THEN 'week' ELSE 'month' END AS grain,
        coalesce(week, month) AS period_from, {labels(kpi.by)}, {kpi.values} FROM ({rows}) GROUP BY GROUPING SETS ({sets})"""
    return f"SELECT * FROM ({table}) WHERE {whole(job)} AND {asked(periods) if periods else 'TRUE'}"


def labels(names: tuple[str, ...]) -> str:
    """Of a row of grouping sets: which dimension it is of, and which of its values."""
    which = " ".join(f"WHEN grouping({name}) = 0 THEN '{name}'" for name in names)
    value = " ".join(f"WHEN grouping({name}) = 0 THEN {name}" for name in names)
    return f"CASE {which} ELSE '' END AS dimension, CASE {value} ELSE '' END AS segment"


def whole(job) -> str:
    return (f"CASE grain WHEN 'week' THEN period_from + INTERVAL 7 DAY ELSE period_from + INTERVAL 1 MONTH END "
            f"<= TIMESTAMP '{job.as_of}'")


def asked(periods: dict[str, set]) -> str:
    return "(" + " OR ".join(f"grain = '{grain}' AND {among('period_from', periods[grain])}" for grain in GRAINS) + ")"


def among(column: str, days: set[date]) -> str:
    listed = ", ".join(f"DATE '{day}'" for day in sorted(days))
    return f"{column} IN ({listed})" if days else "FALSE"


def between(column: str, periods: dict[str, set]) -> str:
    """Lets row groups that no period asked for lies in stay unread."""
    if not periods:
        return "TRUE"
    days = [day for each in periods.values() for day in each]
    return f"{column} >= '{midnight(str(min(days)))}' AND {column} < '{midnight(str(max(days) + timedelta(days=32)))}'"


def trunc(grain: str) -> str:
    return f"date_trunc('{grain}', local_at)::DATE AS {grain}"


def start(grain: str, day: date) -> date:
    return day - timedelta(days=day.weekday()) if grain == "week" else day.replace(day=1)


def ended(grain: str, job) -> set[date]:
    """Periods of the days since the former as-of day; what is not whole yet is left out later."""
    former, last = date.fromisoformat(job.former_as_of), date.fromisoformat(job.as_of)
    return {start(grain, former + timedelta(days=number)) for number in range(-1, (last - former).days)}


def local(column: str) -> str:
    """Time on the clock of the company. The calendar of the engine is slow: it is asked outside of some years only."""
    changes = " ".join(f"WHEN {column} >= '{at}' THEN {column} + INTERVAL {hours} HOUR" for at, hours in clock_changes())
    return f"CASE {changes} ELSE timezone('{ZONE.key}', timezone('UTC', {column})) END"


def clock_changes() -> list[tuple[datetime, int]]:
    """Of 2024 to 2027, the newest first: the moment in UTC, and by how much the clock is ahead from then on."""
    found = []
    for year in range(2027, 2023, -1):
        for month, hours in ((10, 1), (3, 2)):
            last = datetime(year, month, 31, 1)
            found.append((last - timedelta(days=last.isoweekday() % 7), hours))
    return found


def midnight(day: str) -> str:
    """The moment in UTC at which a day of the company begins."""
    return f"{datetime.fromisoformat(day).replace(tzinfo=ZONE).astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}"
