-- One row per answer of a response; those of previews, tests and spam are left out.
-- grain: source, response_id, question
WITH response AS (
    SELECT
        response_id,
        external_reference AS customer_key,
        email_domain,
        coalesce(respondent, external_reference) AS respondent,
        ended_at AS answered_at,
        nps,
        csat,
        ces,
        is_finished AS is_complete,
        trim(comment) AS comment,
        CASE status WHEN 'Survey Preview' THEN 'preview' WHEN 'Survey Test' THEN 'test' WHEN 'Spam' THEN 'spam' END AS left_out
    FROM raw.qualtrics_legacy_survey
),
-- The comment stands with the first question answered, so that each is there once.
answer AS (
    SELECT response_id, 'nps' AS question, customer_key, email_domain, respondent, answered_at, nps AS score, is_complete, comment, left_out
    FROM response
    WHERE nps IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'csat' AS question, customer_key, email_domain, respondent, answered_at, csat AS score, is_complete,
        CASE WHEN nps IS NULL THEN comment END AS comment, left_out
    FROM response
    WHERE csat IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'ces' AS question, customer_key, email_domain, respondent, answered_at, ces AS score, is_complete,
        CASE WHEN nps IS NULL AND csat IS NULL THEN comment END AS comment, left_out
    FROM response
    WHERE ces IS NOT NULL
)
SELECT
    'qualtrics' AS source,
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
    left_out
FROM answer
