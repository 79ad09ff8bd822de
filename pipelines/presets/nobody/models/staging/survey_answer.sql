-- One row per answer of a response: no chosen source has any.
-- grain: source, response_id, question
SELECT
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS VARCHAR) AS response_id,
    CAST(NULL AS VARCHAR) AS question,
    CAST(NULL AS VARCHAR) AS touchpoint,
    CAST(NULL AS VARCHAR) AS aspect,
    CAST(NULL AS VARCHAR) AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    CAST(NULL AS VARCHAR) AS respondent,
    CAST(NULL AS VARCHAR) AS ticket_id,
    CAST(NULL AS VARCHAR) AS team,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS answered_at,
    CAST(NULL AS BIGINT) AS score,
    CAST(NULL AS BOOLEAN) AS is_complete,
    CAST(NULL AS VARCHAR) AS comment,
    CAST(NULL AS VARCHAR) AS left_out
WHERE FALSE
