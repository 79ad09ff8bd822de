-- One row per subscription; those that never were and never can be paid for are left out.
-- grain: source, subscription_id
SELECT
    'stripe' AS source,
    subscription_id,
    stripe_customer_id AS customer_key,
    email_domain,
    plan,
    quantity,
    amount AS unit_amount,
    upper(currency) AS currency,
    billing_interval,
    CAST(NULL AS BIGINT) AS interval_count,
    status,
    started_at,
    trial_started_at,
    trial_ended_at,
    canceled_at,
    ended_at,
    CASE WHEN NOT is_live THEN 'test' WHEN status IN ('incomplete', 'incomplete_expired') THEN 'never paid' END AS left_out
FROM raw.stripe_subscriptions
WHERE coalesce(is_active, TRUE)
