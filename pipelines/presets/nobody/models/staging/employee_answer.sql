-- One row per answer of an employee: no chosen source has any.
-- grain: source, response_id, item
SELECT
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS VARCHAR) AS response_id,
    CAST(NULL AS VARCHAR) AS item,
    CAST(NULL AS VARCHAR) AS wave,
    CAST(NULL AS VARCHAR) AS team,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS answered_at,
    CAST(NULL AS BIGINT) AS score
WHERE FALSE
