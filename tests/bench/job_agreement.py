"""Whether Scorewright and the DuckDB job have the same facts and rejects, and the same value of every metric.

    python job_agreement.py WAREHOUSE PEER_OUT    exit status 1 when anything differs, with the first rows that do

Rejects: how many rows of each source. Facts: rows, and of each column how many values and the sum of their hashes.
Values: every grain, period, dimension and segment that either side states; counts and sums exactly, ratios and means
within 1e-9, quantiles exactly, as the tenths of whole numbers that they are: the two interpolate in another order, which
turns the last bit of a tenth. What only one side states must be without observations.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import duckdb

KEYS = {"ticket": "ticket_id", "survey_answer": "response_id, question", "order": "order_id", "email_event": "event_id",
        "subscription_period": "subscription_id, started_at", "customer_tenure": "customer_id, started_at"}
REJECTS = {"zendesk_tickets": "ticket", "qualtrics_relationship_survey": "survey_answer", "shopify_orders": "order",
           "hubspot_email_events": "email_event", "salesforce_accounts": "accounts", "stripe_subscriptions": "subscriptions"}
# Columns the peer keeps for itself.
OWN = {"ticket": {"updated_at"}}
# KPI table of the peer, metric, scale of a ratio; of a quantile metric its statistics.
RATIOS = (("answers", "csat_top2", 1), ("answers", "nps", 100), ("answers", "ces", 1), ("solutions", "one_touch", 1),
          ("promises", "sla_attainment", 1), ("sales", "average_purchase_value", 1), ("engagement", "click_rate", 1),
          ("tenures", "logo_churn", 1))
TOTALS = (("sales", "revenue"), ("tenures", "active_customers"))
QUANTILES = (("first_replies", "first_reply"), ("solutions", "full_resolution"))
CELL = "metric, statistic, grain, period_from, dimension, segment"
SHOWN = 5


def main(warehouse: Path, peer: Path) -> None:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    tables = json.loads((warehouse / "CURRENT.json").read_text())["tables"]
    ours = {name: f"read_parquet({[str(warehouse / file) for file in files]})" for name, files in tables.items()}
    are_same = [fact_agrees(connection, name, ours[f"fact.{name}"], f"read_parquet('{peer}/fact/{name}/*.parquet')")
                for name in KEYS]
    are_same += [rejects_agree(connection, source, ours.get(f"quarantine.{source}"), f"{peer}/rejects/{name}/*.parquet")
                 for source, name in REJECTS.items() if tables.get(f"quarantine.{source}")]
    are_same.append(values_agree(connection, ours["kpi.value"], peer))
    sys.exit(0 if all(are_same) else 1)


def fact_agrees(connection, name: str, ours: str, peer: str) -> bool:
    types = [{column: kind for column, kind, *_ in connection.execute(f"DESCRIBE FROM {rows}").fetchall()
              if column not in OWN.get(name, ())} for rows in (ours, peer)]
    if types[0].keys() != types[1].keys():
        print(f"  fact.{name}: columns differ: {sorted(types[0].keys() ^ types[1].keys())}")
        return False
    sums = [connection.execute(f"SELECT count(*), {', '.join(map(total, kinds.items()))} FROM {rows}").fetchone()
            for kinds, rows in zip(types, (ours, peer))]
    by_column = [{column: row[1 + number * 2: 3 + number * 2] for number, column in enumerate(kinds)}
                 for kinds, row in zip(types, sums)]
    different = [column for column in types[0] if by_column[0][column] != by_column[1][column]]
    if sums[0][0] == sums[1][0] and not different:
        print(f"  fact.{name}: {sums[0][0]:,} rows, the same in {len(types[0])} columns")
        return True
    print(f"  fact.{name}: rows: ours {sums[0][0]:,}, DuckDB {sums[1][0]:,}; columns that differ: {different}")
    show_rows(connection, name, ours, peer, types, different)
    return False


def total(column: tuple[str, str]) -> str:
    return f"count({column[0]}), sum(hash({plain(*column)}))"


def plain(name: str, kind: str, table: str = "") -> str:
    """A value as both write it: moments as microseconds in UTC."""
    name = f"{table}{name}"
    return f"epoch_us({name})::VARCHAR" if kind.startswith("TIMESTAMP") else f"{name}::VARCHAR"


def show_rows(connection, name: str, ours: str, peer: str, types: list[dict], different: list[str]) -> None:
    key = KEYS[name].split(", ")
    sides = {column: [plain(column, kinds[column], who) for kinds, who in zip(types, ("ours.", "peer."))]
             for column in types[0]}
    on = " AND ".join(" = ".join(sides[column]) for column in key)
    differ = " OR ".join(" IS DISTINCT FROM ".join(sides[column]) for column in different) or "FALSE"
    for row in connection.execute(f"""SELECT ours, peer FROM {ours} AS ours FULL JOIN {peer} AS peer ON {on}
            WHERE ours.{key[0]} IS NULL OR peer.{key[0]} IS NULL OR {differ} LIMIT {SHOWN}""").fetchall():
        for who, values in zip(("ours", "DuckDB"), row):
            print(f"    {who}: {({column: values[column] for column in [*key, *different]} if values else 'none')}")


def rejects_agree(connection, source: str, ours: str, peer: str) -> bool:
    """As many rows in quarantine; a row with several faults is one."""
    (kept,) = connection.execute(f"SELECT count(*) FROM {ours}").fetchone()
    (there,) = connection.execute(f"""SELECT count(DISTINCT (filename, line)) FILTER (line IS NOT NULL) + count(*) FILTER (line IS NULL)
        FROM read_parquet('{peer}', filename=true)""").fetchone()
    print(f"  quarantine.{source}: {kept:,} rows" + ("" if kept == there else f", DuckDB rejects {there:,}"))
    return kept == there


def values_agree(connection, ours: str, peer: Path) -> bool:
    metrics = ", ".join(f"'{metric}'" for _, metric, *_ in RATIOS + TOTALS + QUANTILES)
    connection.execute(f"""CREATE TABLE ours AS SELECT {CELL}, numerator, denominator, value, n FROM {ours}
        WHERE metric IN ({metrics}) AND grain IN ('week', 'month')""")
    connection.execute(f"CREATE TABLE peer AS {' UNION ALL '.join(peer_values(peer))}")
    near = "abs(ours.value - peer.value) <= 1e-9 * greatest(abs(peer.value), 1)"
    exact = f"round(ours.value * 10) = round(peer.value * 10) AND {near}"
    is_same = f"""coalesce(ours.numerator IS NOT DISTINCT FROM peer.numerator
        AND ours.denominator IS NOT DISTINCT FROM peer.denominator
        AND (ours.value IS NULL AND peer.value IS NULL
            OR CASE WHEN ours.statistic IN ('median', 'p90') THEN {exact} ELSE {near} END), FALSE)"""
    # Of a segment in which nothing was observed either side may say nothing, or zero.
    told = ["ours.n", *(f"{who}.{name}" for who in ("ours", "peer") for name in ("numerator", "denominator", "value"))]
    is_silent = " AND ".join(f"coalesce({name}, 0) = 0" for name in told)
    found = connection.execute(f"""SELECT {', '.join(f'coalesce(ours.{name}, peer.{name})' for name in CELL.split(', '))},
            ours.numerator, peer.numerator, ours.denominator, peer.denominator, ours.value, peer.value
        FROM ours FULL JOIN peer USING ({CELL}) WHERE NOT {is_same} AND NOT ({is_silent}) ORDER BY ALL""").fetchall()
    (compared,) = connection.execute(f"SELECT count(*) FROM ours JOIN peer USING ({CELL})").fetchone()
    print(f"  values: {compared:,} stated by both" + (f", {len(found):,} differ:" if found else ", all the same"))
    for *cell, our_top, peer_top, our_bottom, peer_bottom, our_value, peer_value in found[:SHOWN]:
        print(f"    {' '.join(map(str, cell))}: ours {our_top} / {our_bottom} = {our_value}, "
              f"DuckDB {peer_top} / {peer_bottom} = {peer_value}")
    if found:
        print(f"    of each metric: {dict(Counter(metric for metric, *_ in found))}")
    return not found


def peer_values(peer: Path) -> list[str]:
    def rows(table: str, metric: str, statistic: str, top: str, bottom: str, value: str) -> str:
        return f"""SELECT '{metric}' AS metric, '{statistic}' AS statistic, grain, period_from, dimension, segment,
            ({top})::DOUBLE AS numerator, ({bottom})::DOUBLE AS denominator, {value} AS value
            FROM read_parquet('{peer}/kpi/{table}.parquet')"""
    told = [rows(table, metric, "value", f"{metric}_numerator", f"{metric}_denominator",
                 f"{scale} * {metric}_numerator::DOUBLE / nullif({metric}_denominator, 0)")
            for table, metric, scale in RATIOS]
    told += [rows(table, metric, "value", f"{metric}_numerator", "NULL", f"{metric}_numerator::DOUBLE")
             for table, metric in TOTALS]
    for table, metric in QUANTILES:
        told += [rows(table, metric, statistic, "NULL", "NULL", value) for statistic, value in
                 (("median", f"{metric}[1]"), ("p90", f"{metric}[2]"), ("mean", f"{metric}_mean"))]
    return told


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
