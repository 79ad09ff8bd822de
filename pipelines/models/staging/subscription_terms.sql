-- One row per item of a subscription and version of its terms, of every product that feeds it.
-- grain: source, subscription_id, item_id, version
SELECT
    source,
    subscription_id,
    item_id,
    version,
    plan,
    quantity,
    unit_amount,
    currency,
    billing_interval,
    interval_count,
    discount_share,
    discount_amount,
    discount_ends_at,
    paused_at,
    resumes_at,
    held_from,
    held_until
FROM staging.stripe_subscription_terms
