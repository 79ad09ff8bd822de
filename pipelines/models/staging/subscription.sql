-- One row per subscription, of every product that feeds it.
-- grain: source, subscription_id
SELECT
    source,
    subscription_id,
    customer_key,
    email_domain,
    plan,
    quantity,
    unit_amount,
    currency,
    billing_interval,
    interval_count,
    status,
    started_at,
    trial_started_at,
    trial_ended_at,
    canceled_at,
    ended_at,
    left_out
FROM staging.stripe_subscriptions
