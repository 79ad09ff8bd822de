-- One row per customer and unbroken time with paid access.
-- grain: customer_id, started_at
WITH paid AS (
    SELECT
        subscription.subscription_id,
        coalesce(by_number.customer_id, by_domain.customer_id, subscription.source || '.account:' || subscription.customer_key) AS customer_id,
        subscription.plan,
        CASE
            WHEN subscription.trial_ended_at > subscription.started_at THEN subscription.trial_ended_at
            ELSE subscription.started_at
        END AS started_at,
        subscription.ended_at
    FROM staging.subscription AS subscription
    LEFT JOIN dim.map_identity AS by_number
        ON by_number.source = subscription.source AND by_number.kind = 'account' AND by_number.source_key = subscription.customer_key
    LEFT JOIN dim.map_identity AS by_domain
        ON by_domain.source = subscription.source AND by_domain.kind = 'domain' AND by_domain.source_key = subscription.email_domain
    WHERE subscription.left_out IS NULL
),
-- What ended within its trial was never paid for; what is open lasts beyond all others.
active AS (
    SELECT
        subscription_id,
        customer_id,
        plan,
        started_at,
        ended_at,
        coalesce(ended_at, CAST('9999-12-31T00:00:00Z' AS TIMESTAMP(6) WITH TIME ZONE)) AS lasts_until
    FROM paid
    WHERE ended_at IS NULL OR ended_at > started_at
),
-- A subscription that starts after all earlier ones of the customer have ended opens a new stretch.
marked AS (
    SELECT
        *,
        CASE
            WHEN started_at <= max(lasts_until) OVER (
                PARTITION BY customer_id ORDER BY started_at, subscription_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) THEN 0
            ELSE 1
        END AS opens
    FROM active
),
numbered AS (
    SELECT
        *,
        sum(opens) OVER (
            PARTITION BY customer_id ORDER BY started_at, subscription_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stretch
    FROM marked
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY customer_id, stretch ORDER BY lasts_until DESC, started_at DESC, subscription_id DESC
        ) AS from_last
    FROM numbered
),
tenure AS (
    SELECT
        customer_id,
        min(started_at) AS started_at,
        CASE WHEN count(ended_at) = count(*) THEN max(ended_at) END AS ended_at,
        max(CASE WHEN from_last = 1 THEN plan END) AS plan
    FROM ranked
    GROUP BY customer_id, stretch
)
SELECT
    tenure.customer_id,
    CASE WHEN customer.is_test THEN 'test account' END AS left_out,
    customer.segment,
    customer.region,
    tenure.plan,
    tenure.started_at,
    tenure.ended_at
FROM tenure
LEFT JOIN dim.customer AS customer ON customer.customer_id = tenure.customer_id
