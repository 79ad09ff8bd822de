-- One row per subscription: the dashboard tells one item of it, in its version of now.
-- grain: source, subscription_id, item_id, version
SELECT
    'stripe' AS source,
    subscription_id,
    subscription_id AS item_id,
    CAST(1 AS BIGINT) AS version,
    plan,
    quantity,
    amount AS unit_amount,
    upper(currency) AS currency,
    billing_interval,
    CAST(NULL AS BIGINT) AS interval_count,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_share,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_amount,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS discount_ends_at,
    -- A trial that ended without a way to pay is paused.
    CASE WHEN status = 'paused' THEN coalesce(trial_ended_at, period_started_at) END AS paused_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS resumes_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS held_from,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS held_until
FROM raw.stripe_subscriptions
WHERE coalesce(is_active, TRUE)
