-- One row per answer.
-- grain: source, response_id, question
WITH response AS (
    SELECT
        response_id,
        customer_number AS customer_key,
        email_domain,
        respondent,
        ended_at AS answered_at,
        nps,
        csat,
        ces,
        -- No column tells whether somebody came to the end.
        TRUE AS is_complete,
        trim(comment) AS comment
    FROM raw.surveymonkey_responses
),
-- The comment stands with the first question answered, so that each is there once.
answer AS (
    SELECT response_id, 'nps' AS question, customer_key, email_domain, respondent, answered_at, nps AS score, is_complete, comment
    FROM response
    WHERE nps IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'csat' AS question, customer_key, email_domain, respondent, answered_at, csat AS score, is_complete,
        CASE WHEN nps IS NULL THEN comment END AS comment
    FROM response
    WHERE csat IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'ces' AS question, customer_key, email_domain, respondent, answered_at, ces AS score, is_complete,
        CASE WHEN nps IS NULL AND csat IS NULL THEN comment END AS comment
    FROM response
    WHERE ces IS NOT NULL
)
SELECT
    'surveymonkey' AS source,
    response_id,
    question,
    -- What the survey is asked after: purchase, support, product or relationship.
    CAST(NULL AS VARCHAR) AS touchpoint,
    CAST(NULL AS VARCHAR) AS aspect,
    customer_key,
    email_domain,
    respondent,
    CAST(NULL AS VARCHAR) AS ticket_id,
    CAST(NULL AS VARCHAR) AS team,
    answered_at,
    score,
    is_complete,
    comment,
    CAST(NULL AS VARCHAR) AS left_out
FROM answer
