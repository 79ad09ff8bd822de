-- One row per version of an account: no chosen source has any.
-- grain: source, account_id, valid_from
SELECT
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS VARCHAR) AS account_id,
    CAST(NULL AS VARCHAR) AS segment,
    CAST(NULL AS VARCHAR) AS region,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS valid_from,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS valid_to
WHERE FALSE
