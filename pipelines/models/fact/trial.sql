-- One row per customer and trial.
-- grain: customer_id, started_at
WITH stretch AS (
    SELECT
        customer_id,
        left_out,
        segment,
        region,
        plan,
        source || ' ' || subscription_id || ' ' || item_id AS item,
        started_at,
        ended_at
    FROM fact.subscription_period
    WHERE state = 'trial' AND left_out IN ('trial', 'test account')
),
-- Trials that overlap or adjoin, also by a day, are one: several items, a change of plan, a trial that was prolonged.
marked AS (
    SELECT
        *,
        CASE
            WHEN started_at <= max(ended_at) OVER (
                PARTITION BY customer_id ORDER BY started_at, item
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) + INTERVAL '1' DAY THEN 0
            ELSE 1
        END AS opens
    FROM stretch
),
numbered AS (
    SELECT
        *,
        sum(opens) OVER (
            PARTITION BY customer_id ORDER BY started_at, item
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS trial
    FROM marked
),
trial AS (
    SELECT
        customer_id,
        trial,
        min(started_at) AS started_at,
        max(ended_at) AS ended_at,
        first_value(left_out ORDER BY started_at, item) AS left_out,
        first_value(segment ORDER BY started_at, item) AS segment,
        first_value(region ORDER BY started_at, item) AS region,
        first_value(plan ORDER BY started_at, item) AS plan
    FROM numbered
    GROUP BY customer_id, trial
),
tenure AS (
    SELECT DISTINCT customer_id, tenure_started_at, tenure_ended_at
    FROM fact.customer_tenure
),
paid AS (
    SELECT
        trial.customer_id,
        trial.trial,
        bool_or(
            tenure.tenure_started_at < trial.started_at
            AND (tenure.tenure_ended_at IS NULL OR tenure.tenure_ended_at > trial.started_at)
        ) AS paid_already,
        -- What ends within a day of the trial was given up rather than paid: an end is written a little late.
        min(tenure.tenure_started_at) FILTER (
            WHERE tenure.tenure_started_at >= trial.started_at
            AND (tenure.tenure_ended_at IS NULL OR tenure.tenure_ended_at > tenure.tenure_started_at + INTERVAL '1' DAY)
        ) AS paid_at
    FROM trial
    INNER JOIN tenure ON tenure.customer_id = trial.customer_id
    GROUP BY trial.customer_id, trial.trial
)
SELECT
    trial.customer_id,
    CASE
        WHEN trial.left_out = 'test account' THEN trial.left_out
        WHEN paid.paid_already THEN 'customer already'
    END AS left_out,
    trial.segment,
    trial.region,
    trial.plan,
    trial.started_at,
    trial.ended_at,
    paid.paid_at
FROM trial
LEFT JOIN paid ON paid.customer_id = trial.customer_id AND paid.trial = trial.trial
