-- One row per item of a subscription, in its version of now.
-- grain: source, subscription_id, item_id, version
WITH place AS (
    -- A subscription has no more than twenty items.
    SELECT unnest(generate_series(0, 19)) AS number
),
item AS (
    SELECT subscription.*, json_get(subscription.items, '$[' || place.number || ']') AS item
    FROM raw.stripe_api_subscriptions AS subscription
    CROSS JOIN place
),
priced AS (
    SELECT
        *,
        upper(coalesce(json_text(item, '$.price.currency'), currency)) AS item_currency,
        CAST(to_timestamp_seconds(CAST(json_text(item, '$.created') AS BIGINT)) AS TIMESTAMP(6) WITH TIME ZONE) AS item_created_at,
        CAST(coalesce(json_text(item, '$.price.unit_amount'), json_text(item, '$.plan.amount')) AS DECIMAL(18, 4)) / 100 AS item_amount
    FROM item
    WHERE item IS NOT NULL AND NOT coalesce(json_text(item, '$.deleted') = 'true', FALSE)
),
-- Some currencies have no smaller unit, and some a thousandth.
scaled AS (
    SELECT
        *,
        CASE
            WHEN item_currency IN (
                'BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
            ) THEN 1000
            WHEN item_currency IN ('BHD', 'JOD', 'KWD', 'OMR', 'TND') THEN 1
            ELSE 10
        END AS tenths,
        count(*) OVER (PARTITION BY subscription_id) AS items_of_it,
        min(item_created_at) OVER (PARTITION BY subscription_id) AS first_created_at
    FROM priced
)
SELECT
    'stripe' AS source,
    subscription_id,
    coalesce(json_text(item, '$.id'), subscription_id) AS item_id,
    CAST(1 AS BIGINT) AS version,
    coalesce(json_text(item, '$.price.nickname'), json_text(item, '$.price.id'), json_text(item, '$.plan.id')) AS plan,
    coalesce(CAST(json_text(item, '$.quantity') AS BIGINT), CASE WHEN items_of_it = 1 THEN quantity END) AS quantity,
    CAST(item_amount * tenths / 10 AS DECIMAL(18, 4)) AS unit_amount,
    item_currency AS currency,
    coalesce(json_text(item, '$.price.recurring.interval'), json_text(item, '$.plan.interval')) AS billing_interval,
    CAST(coalesce(json_text(item, '$.price.recurring.interval_count'), json_text(item, '$.plan.interval_count')) AS BIGINT) AS interval_count,
    -- What is taken off once is no discount of what recurs.
    CASE WHEN discount_duration <> 'once' THEN CAST(discount_percent / 100 AS DECIMAL(18, 4)) END AS discount_share,
    -- An amount is taken off the whole, so that each item bears an equal part.
    CASE WHEN discount_duration <> 'once' THEN CAST(discount_amount * tenths / 10 / items_of_it AS DECIMAL(18, 4)) END AS discount_amount,
    discount_ends_at,
    -- A pause begins with a period: the export names its end alone.
    CASE
        WHEN pause_behavior IS NOT NULL THEN period_started_at
        -- A trial that ended without a way to pay is paused, too.
        WHEN status = 'paused' THEN coalesce(trial_ended_at, period_started_at)
    END AS paused_at,
    resumes_at,
    -- An item that was added later is paid for from then on; the first ones hold from the beginning.
    CASE WHEN item_created_at > first_created_at THEN item_created_at END AS held_from,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS held_until
FROM scaled
