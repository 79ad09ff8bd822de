-- One row per subscription that was or could still be paid for.
-- grain: subscription_id
SELECT
    subscription_id,
    stripe_customer_id,
    lower(split_part(email, '@', 2)) AS email_domain,
    plan,
    quantity,
    amount,
    billing_interval,
    status,
    started_at,
    trial_ended_at,
    canceled_at,
    ended_at
FROM raw.stripe_subscriptions
WHERE status NOT IN ('incomplete', 'incomplete_expired')
