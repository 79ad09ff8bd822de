-- One row per subscription, in its version of now; those that never were and never can be paid for are left out.
-- grain: source, subscription_id
WITH numbered AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY subscription_id ORDER BY created_at, item_id) AS place
    FROM raw.stripe_loader_subscription_items
    WHERE NOT coalesce(is_deleted, FALSE) AND coalesce(is_active, TRUE)
)
SELECT
    'stripe' AS source,
    subscription.subscription_id,
    subscription.stripe_customer_id AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
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
    subscription.status,
    subscription.started_at,
    subscription.trial_started_at,
    subscription.trial_ended_at,
    subscription.canceled_at,
    subscription.ended_at,
    CASE
        WHEN NOT subscription.is_live THEN 'test'
        WHEN subscription.status IN ('incomplete', 'incomplete_expired') THEN 'never paid'
    END AS left_out
FROM raw.stripe_loader_subscriptions AS subscription
LEFT JOIN numbered AS item ON item.subscription_id = subscription.subscription_id AND item.place = 1
LEFT JOIN raw.stripe_loader_prices AS price ON price.price_id = item.price_id
WHERE coalesce(subscription.is_active, TRUE)
