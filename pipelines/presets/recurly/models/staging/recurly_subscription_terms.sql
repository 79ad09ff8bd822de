-- One row per version of a subscription's terms.
-- grain: source, subscription_id, item_id, version
WITH worded AS (
    SELECT
        *,
        lower(trim(status)) = 'paused' AS is_paused,
        row_number() OVER (PARTITION BY subscription_id ORDER BY valid_from NULLS FIRST) AS version
    FROM history.recurly_subscriptions
),
-- A pause began before the version that tells of it.
begun AS (
    SELECT
        *,
        CASE
            WHEN period_ends_at > period_started_at AND (trial_ends_at IS NULL OR trial_ends_at < period_ends_at)
            THEN greatest(date_diff('day', period_started_at, period_ends_at), 1)
        END AS days,
        CASE WHEN version > 1 THEN least(valid_from, CASE WHEN is_paused THEN coalesce(paused_at, period_started_at) END) END AS held_from
    FROM worded
)
SELECT
    'recurly' AS source,
    subscription_id,
    subscription_id AS item_id,
    CAST(version AS BIGINT) AS version,
    coalesce(plan_name, plan) AS plan,
    quantity,
    unit_amount,
    upper(currency) AS currency,
    -- How often is paid is told by the time that is paid for, where that is no trial.
    CASE WHEN days < 25 THEN 'day' WHEN days IS NOT NULL THEN 'month' END AS billing_interval,
    CASE WHEN days < 25 THEN days ELSE CAST(round(days * 12 / 365.25) AS BIGINT) END AS interval_count,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_share,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_amount,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS discount_ends_at,
    CASE WHEN is_paused THEN coalesce(paused_at, period_started_at) END AS paused_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS resumes_at,
    held_from,
    lead(held_from) OVER (PARTITION BY subscription_id ORDER BY version) AS held_until
FROM begun
