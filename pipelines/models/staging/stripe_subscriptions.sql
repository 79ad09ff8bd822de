-- One row per subscription that was or could still be paid for.
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
    trial_ended_at,
    canceled_at,
    ended_at
FROM raw.stripe_subscriptions
WHERE status NOT IN ('incomplete', 'incomplete_expired') AND coalesce(is_active, TRUE) AND coalesce(is_live, TRUE)
