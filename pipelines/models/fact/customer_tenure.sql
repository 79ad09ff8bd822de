-- One row per customer and time in which it had paid access by one plan, in one segment and region.
-- grain: customer_id, started_at
WITH access AS (
    SELECT
        customer_id,
        left_out,
        segment,
        region,
        plan,
        state,
        mrr,
        source || ' ' || subscription_id || ' ' || item_id AS item,
        started_at,
        ended_at,
        -- What is open lasts beyond all others.
        coalesce(ended_at, CAST('9999-12-31T00:00:00Z' AS TIMESTAMP(6) WITH TIME ZONE)) AS lasts_until
    FROM fact.subscription_period
    WHERE state IN ('paid', 'trial') AND coalesce(left_out, 'trial') IN ('trial', 'test account')
),
-- What starts after all earlier access of the customer has ended opens a new tenure. A pause of up to a day between two
-- subscriptions is a change of plan: put the grace that your customers have here.
marked AS (
    SELECT
        *,
        CASE
            WHEN started_at <= max(lasts_until) OVER (
                PARTITION BY customer_id ORDER BY started_at, item
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) + INTERVAL '1' DAY THEN 0
            ELSE 1
        END AS opens
    FROM access
),
numbered AS (
    SELECT
        *,
        sum(opens) OVER (
            PARTITION BY customer_id ORDER BY started_at, item
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS tenure,
        max(lasts_until) OVER (PARTITION BY customer_id, item) AS item_lasts_until
    FROM marked
),
-- A tenure begins with the first paid moment; a trial after that ends nothing.
tenure AS (
    SELECT
        customer_id,
        tenure,
        min(CASE WHEN state = 'paid' THEN started_at END) AS started_at,
        CASE WHEN count(ended_at) = count(*) THEN max(ended_at) END AS ended_at
    FROM numbered
    GROUP BY customer_id, tenure
),
moment AS (
    SELECT customer_id, tenure, started_at AS changes_at FROM numbered
    UNION
    SELECT customer_id, tenure, ended_at AS changes_at FROM numbered
),
-- Of several subscriptions at one moment the one that pays most has the plan, else the one that lasts longest.
ranked AS (
    SELECT
        moment.customer_id,
        moment.tenure,
        moment.changes_at,
        numbered.left_out,
        numbered.segment,
        numbered.region,
        numbered.plan,
        row_number() OVER (
            PARTITION BY moment.customer_id, moment.changes_at
            ORDER BY
                numbered.state = 'paid' DESC,
                numbered.mrr DESC NULLS LAST,
                numbered.item_lasts_until DESC,
                numbered.started_at DESC,
                numbered.item DESC
        ) AS place
    FROM moment
    INNER JOIN numbered
        ON numbered.customer_id = moment.customer_id
        AND numbered.started_at <= moment.changes_at
        AND numbered.lasts_until > moment.changes_at
),
compared AS (
    SELECT
        ranked.customer_id,
        ranked.tenure,
        ranked.left_out,
        ranked.segment,
        ranked.region,
        ranked.plan,
        ranked.changes_at,
        tenure.started_at AS tenure_started_at,
        tenure.ended_at AS tenure_ended_at,
        lag(ranked.segment) OVER moments AS segment_before,
        lag(ranked.region) OVER moments AS region_before,
        lag(ranked.plan) OVER moments AS plan_before
    FROM ranked
    INNER JOIN tenure ON tenure.customer_id = ranked.customer_id AND tenure.tenure = ranked.tenure
    WHERE ranked.place = 1 AND ranked.changes_at >= tenure.started_at
    WINDOW moments AS (PARTITION BY ranked.customer_id, ranked.tenure ORDER BY ranked.changes_at)
)
SELECT
    customer_id,
    CASE WHEN left_out = 'test account' THEN left_out END AS left_out,
    segment,
    region,
    plan,
    changes_at AS started_at,
    coalesce(lead(changes_at) OVER (PARTITION BY customer_id, tenure ORDER BY changes_at), tenure_ended_at) AS ended_at,
    tenure_started_at,
    tenure_ended_at
FROM compared
WHERE
    changes_at = tenure_started_at
    OR (segment IS DISTINCT FROM segment_before)
    OR (region IS DISTINCT FROM region_before)
    OR (plan IS DISTINCT FROM plan_before)
