-- One row per version of a subscription's terms.
-- grain: source, subscription_id, item_id, version
WITH worded AS (
    SELECT
        *,
        lower(trim(status)) = 'paused' AS is_paused,
        row_number() OVER (PARTITION BY subscription_id ORDER BY valid_from NULLS FIRST) AS version
    FROM history.chargebee_subscriptions
),
-- A pause began before the version that tells of it.
begun AS (
    SELECT
        *,
        CASE WHEN version > 1 THEN least(valid_from, CASE WHEN is_paused THEN coalesce(paused_at, term_started_at) END) END AS held_from
    FROM worded
)
SELECT
    'chargebee' AS source,
    subscription_id,
    subscription_id AS item_id,
    CAST(version AS BIGINT) AS version,
    plan,
    quantity,
    CAST(
        CASE
            WHEN unit_amount IS NOT NULL THEN unit_amount
            -- Some currencies have no smaller unit, and some a thousandth.
            WHEN lower(currency) IN (
                'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'ugx', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'
            ) THEN unit_amount_in_api * 100
            WHEN lower(currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN unit_amount_in_api / 10
            ELSE unit_amount_in_api
        END AS DECIMAL(18, 4)
    ) AS unit_amount,
    upper(currency) AS currency,
    lower(billing_interval) AS billing_interval,
    interval_count,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_share,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_amount,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS discount_ends_at,
    CASE WHEN is_paused THEN coalesce(paused_at, term_started_at) END AS paused_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS resumes_at,
    held_from,
    lead(held_from) OVER (PARTITION BY subscription_id ORDER BY version) AS held_until
FROM begun
