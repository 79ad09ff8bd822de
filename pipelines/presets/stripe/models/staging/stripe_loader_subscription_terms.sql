-- One row per item of a subscription, in its version of now.
-- grain: source, subscription_id, item_id, version
SELECT
    'stripe' AS source,
    item.subscription_id,
    item.item_id,
    CAST(1 AS BIGINT) AS version,
    coalesce(price.nickname, item.price_id) AS plan,
    coalesce(item.quantity, subscription.quantity) AS quantity,
    -- Some currencies have no smaller unit, and some a thousandth.
    CAST(
        CASE
            WHEN lower(price.currency) IN (
                'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'ugx', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'
            ) THEN price.amount * 100
            WHEN lower(price.currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN price.amount / 10
            ELSE price.amount
        END AS DECIMAL(18, 4)
    ) AS unit_amount,
    upper(price.currency) AS currency,
    price.billing_interval,
    price.interval_count,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_share,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_amount,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS discount_ends_at,
    -- A trial that ended without a way to pay is paused.
    CASE WHEN subscription.status = 'paused' THEN coalesce(subscription.trial_ended_at, subscription.started_at) END AS paused_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS resumes_at,
    -- An item that was added later is paid for from then on; the first ones hold from the beginning.
    CASE
        WHEN item.created_at > min(item.created_at) OVER (PARTITION BY item.subscription_id) THEN item.created_at
    END AS held_from,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS held_until
FROM raw.stripe_loader_subscription_items AS item
INNER JOIN raw.stripe_loader_subscriptions AS subscription
    ON subscription.subscription_id = item.subscription_id AND coalesce(subscription.is_active, TRUE)
LEFT JOIN raw.stripe_loader_prices AS price ON price.price_id = item.price_id
WHERE NOT coalesce(item.is_deleted, FALSE) AND coalesce(item.is_active, TRUE)
