"""Subscriptions, tenures and customers lost, of the peer. Written whole: what is active depends on the as-of day."""

from datetime import date, timedelta

from duckdb_kpis import GRAINS, labels, midnight, start, whole

# Parts of subscriptions in which nothing about them changed, then times without a break of a customer's paid access.
TENURES = {"subscription_period": """
    WITH known AS (
        SELECT s.*, coalesce(by_number.customer_id, by_domain.customer_id, 'stripe.account:' || customer_key) AS customer_id,
            coalesce(by_number.is_test, by_domain.is_test) AS is_test,
            CASE WHEN by_number.customer_id IS NULL THEN by_domain.segment ELSE by_number.segment END AS segment,
            CASE WHEN by_number.customer_id IS NULL THEN by_domain.region ELSE by_number.region END AS region,
            amount * coalesce(quantity, 1) AS total,
            CASE WHEN word = 'paused' THEN coalesce(trial_ended_at, period_started_at) END AS paused_at,
            CASE billing_interval WHEN 'day' THEN 365 WHEN 'week' THEN 52 WHEN 'month' THEN 12 WHEN 'year' THEN 1 END
                AS a_year
        FROM raw_subscriptions AS s
        LEFT JOIN name AS by_number ON by_number.source = 'stripe' AND by_number.key = customer_key
        LEFT JOIN name AS by_domain ON by_domain.source = 'domain' AND by_domain.key = s.email_domain
        WHERE ended_at IS NULL OR ended_at > started_at),
    cut AS (
        SELECT DISTINCT subscription_id, cut_at FROM (
            SELECT *, unnest([started_at, trial_started_at, trial_ended_at, paused_at]) AS cut_at FROM known)
        WHERE cut_at >= started_at AND (ended_at IS NULL OR cut_at < ended_at)),
    part AS (SELECT *, lead(cut_at) OVER (PARTITION BY subscription_id ORDER BY cut_at) AS next_at FROM cut),
    stated AS (
        SELECT known.*, cut_at, coalesce(next_at, ended_at) AS until,
            CASE WHEN paused_at <= cut_at THEN 'paused'
                WHEN trial_ended_at > cut_at AND (trial_started_at IS NULL OR trial_started_at <= cut_at) THEN 'trial'
                WHEN total = 0 THEN 'free' ELSE 'paid' END AS state
        FROM part JOIN known USING (subscription_id))
    SELECT 'stripe' AS source, subscription_id, subscription_id AS item_id,
        CASE WHEN word IN ('incomplete', 'incomplete_expired') THEN 'never paid' WHEN is_test THEN 'test account'
            WHEN state = 'free' THEN 'free plan' WHEN state <> 'paid' THEN state END AS left_out,
        customer_id, segment, region, plan, state, word AS status, quantity, cut_at AS started_at, until AS ended_at,
        round(total * a_year / 12, 4)::DECIMAL(18, 4) AS mrr, currency
    FROM stated""", "customer_tenure": """
    WITH access AS (
        SELECT *, coalesce(ended_at, TIMESTAMP '9999-12-31') AS lasts_until FROM subscription_period
        WHERE state IN ('paid', 'trial') AND coalesce(left_out, 'trial') IN ('trial', 'test account')),
    marked AS (
        SELECT *, started_at > max(lasts_until) OVER (PARTITION BY customer_id ORDER BY started_at, item_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + INTERVAL 1 DAY AS opens FROM access),
    numbered AS (
        SELECT *, sum(CASE WHEN opens OR opens IS NULL THEN 1 ELSE 0 END)
                OVER (PARTITION BY customer_id ORDER BY started_at, item_id ROWS UNBOUNDED PRECEDING) AS tenure,
            max(lasts_until) OVER (PARTITION BY customer_id, item_id) AS item_lasts_until
        FROM marked),
    tenure AS (
        SELECT customer_id, tenure, min(started_at) FILTER (state = 'paid') AS began_at,
            CASE WHEN count(ended_at) = count(*) THEN max(ended_at) END AS over_at
        FROM numbered GROUP BY customer_id, tenure),
    moment AS (
        SELECT customer_id, tenure, started_at AS cut_at FROM numbered
        UNION
        SELECT customer_id, tenure, ended_at FROM numbered),
    ranked AS (
        SELECT moment.customer_id, moment.tenure, cut_at, left_out, segment, region, plan
        FROM moment
        JOIN numbered ON numbered.customer_id = moment.customer_id AND started_at <= cut_at AND lasts_until > cut_at
        QUALIFY row_number() OVER (PARTITION BY moment.customer_id, cut_at ORDER BY state = 'paid' DESC, mrr DESC NULLS LAST,
            item_lasts_until DESC, started_at DESC, item_id DESC) = 1),
    compared AS (
        SELECT *, cut_at = began_at OR (segment, region, plan) IS DISTINCT FROM
            (lag(segment) OVER moments, lag(region) OVER moments, lag(plan) OVER moments) AS changes
        FROM ranked JOIN tenure USING (customer_id, tenure) WHERE cut_at >= began_at
        WINDOW moments AS (PARTITION BY customer_id, tenure ORDER BY cut_at))
    SELECT customer_id, CASE WHEN left_out = 'test account' THEN left_out END AS left_out, segment, region, plan,
        cut_at AS started_at,
        coalesce(lead(cut_at) OVER (PARTITION BY customer_id, tenure ORDER BY cut_at), over_at) AS ended_at,
        began_at AS tenure_started_at, over_at AS tenure_ended_at
    FROM compared WHERE changes"""}

TENURE_BY = ("segment", "region", "plan")


def measure_tenures(run, job, write) -> None:
    """Active customers, and customers lost: of all periods anew, as the as-of day may be within any of them."""
    first, = run("SELECT min(started_at) FROM customer_tenure WHERE left_out IS NULL").fetchone()
    since, until = first.date() - timedelta(days=1), date.fromisoformat(job.as_of)
    run("CREATE TEMP TABLE period (grain VARCHAR, period_from DATE, begins TIMESTAMP, ends TIMESTAMP)")
    rows = (f"('{grain}', '{day}', '{midnight(str(day))}', '{midnight(str(following(grain, day)))}')"
            for grain in GRAINS for day in grid(grain, since, until))
    run(f"INSERT INTO period VALUES {', '.join(rows)}")
    run(f"CREATE TEMP TABLE held AS {HELD}")
    sets = ", ".join(f"(grain, period_from{f', {name}' if name else ''})" for name in ("", *TENURE_BY))
    write(run, f"""WITH moved AS ({MOVED}), counted AS (
            SELECT grain, period_from, {labels(TENURE_BY)}, sum(came) AS came, sum(left_) AS left_, sum(lost) AS lost
            FROM moved GROUP BY GROUPING SETS ({sets})),
        framed AS (
            SELECT period.grain, period.period_from, cell.dimension, cell.segment,
                coalesce(came, 0) - coalesce(left_, 0) AS change, coalesce(lost, 0) AS lost
            FROM period CROSS JOIN (SELECT DISTINCT dimension, segment FROM counted) AS cell
            LEFT JOIN counted USING (grain, period_from, dimension, segment)),
        running AS (
            SELECT *, sum(change) OVER (PARTITION BY grain, dimension, segment ORDER BY period_from) AS at_end FROM framed)
        SELECT grain, period_from, dimension, segment, at_end::BIGINT AS active_customers_numerator,
            lost::BIGINT AS logo_churn_numerator, (at_end - change)::BIGINT AS logo_churn_denominator
        FROM running WHERE {whole(job)}""", job.out / "kpi" / "tenures.parquet")


# Tenures that count, and the last moment at which a customer is there without a break.
HELD = """SELECT customer_id, coalesce(segment, '(none)') AS segment, coalesce(region, '(none)') AS region,
        coalesce(plan, '(none)') AS plan, started_at, ended_at, tenure_ended_at
    FROM customer_tenure WHERE left_out IS NULL"""

# In the period with `begins < t <= ends` what starts at t is there at its end. Who is lost was there when it began and
# has nothing at its end; who left and came back has.
MOVED = """
    SELECT grain, period_from, segment, region, plan, 1 AS came, 0 AS left_, 0 AS lost
    FROM held JOIN period ON started_at > begins AND started_at <= ends
    UNION ALL
    SELECT grain, period_from, segment, region, plan, 0, 1, 0 FROM held JOIN period ON ended_at > begins AND ended_at <= ends
    UNION ALL
    SELECT grain, period_from, segment, region, plan, 0, 0, 1
    FROM held JOIN period ON tenure_ended_at > begins AND tenure_ended_at <= ends
    WHERE started_at <= begins AND ended_at > begins AND NOT EXISTS (
        SELECT 1 FROM held AS again WHERE again.customer_id = held.customer_id
            AND again.started_at <= ends AND (again.ended_at IS NULL OR again.ended_at > ends))"""


def grid(grain: str, first: date, until: date) -> list[date]:
    days, day = [], start(grain, first)
    while day < until:
        days.append(day)
        day = following(grain, day)
    return days


def following(grain: str, day: date) -> date:
    return day + timedelta(days=7) if grain == "week" else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
