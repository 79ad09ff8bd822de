-- One row per answer of a response that counts: finished, no preview, no test, no spam.
-- grain: source, response_id, question
WITH response AS (
    SELECT
        response_id,
        external_reference AS customer_key,
        email_domain,
        ended_at AS answered_at,
        nps,
        csat,
        ces,
        trim(comment) AS comment
    FROM raw.qualtrics_legacy_survey
    WHERE is_finished AND status NOT IN ('Survey Preview', 'Survey Test', 'Spam')
),
-- The comment stands with the first question answered, so that each is there once.
answer AS (
    SELECT response_id, 'nps' AS question, customer_key, email_domain, answered_at, nps AS score, comment
    FROM response
    WHERE nps IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'csat' AS question, customer_key, email_domain, answered_at, csat AS score,
        CASE WHEN nps IS NULL THEN comment END AS comment
    FROM response
    WHERE csat IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'ces' AS question, customer_key, email_domain, answered_at, ces AS score,
        CASE WHEN nps IS NULL AND csat IS NULL THEN comment END AS comment
    FROM response
    WHERE ces IS NOT NULL
)
SELECT
    'qualtrics' AS source,
    response_id,
    question,
    customer_key,
    email_domain,
    CAST(NULL AS VARCHAR) AS ticket_id,
    CAST(NULL AS VARCHAR) AS team,
    answered_at,
    score,
    comment
FROM answer
