-- One row per item of a subscription and version of its terms: no chosen source has any.
-- grain: source, subscription_id, item_id, version
SELECT
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS VARCHAR) AS subscription_id,
    CAST(NULL AS VARCHAR) AS item_id,
    CAST(NULL AS BIGINT) AS version,
    CAST(NULL AS VARCHAR) AS plan,
    CAST(NULL AS BIGINT) AS quantity,
    CAST(NULL AS DECIMAL(18, 4)) AS unit_amount,
    CAST(NULL AS VARCHAR) AS currency,
    CAST(NULL AS VARCHAR) AS billing_interval,
    CAST(NULL AS BIGINT) AS interval_count,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_share,
    CAST(NULL AS DECIMAL(18, 4)) AS discount_amount,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS discount_ends_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS paused_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS resumes_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS held_from,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS held_until
WHERE FALSE
