-- One row per answer of a response; those of previews, tests and spam are left out.
-- grain: source, response_id, question
WITH response AS (
    SELECT
        response_id,
        external_reference AS customer_key,
        coalesce(email, external_reference) AS respondent,
        trim(support_team) AS team,
        recorded_at AS answered_at,
        nps,
        csat,
        ces,
        is_finished AS is_complete,
        trim(comment) AS comment,
        CASE status WHEN 'Survey Preview' THEN 'preview' WHEN 'Survey Test' THEN 'test' WHEN 'Spam' THEN 'spam' END AS left_out
    FROM raw.qualtrics_relationship_survey
),
-- The comment stands with the first question answered, so that each is there once.
answer AS (
    SELECT response_id, 'nps' AS question, customer_key, respondent, team, answered_at, nps AS score, is_complete, comment, left_out
    FROM response
    WHERE nps IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'csat' AS question, customer_key, respondent, team, answered_at, csat AS score, is_complete,
        CASE WHEN nps IS NULL THEN comment END AS comment, left_out
    FROM response
    WHERE csat IS NOT NULL
    UNION ALL
    SELECT
        response_id, 'ces' AS question, customer_key, respondent, team, answered_at, ces AS score, is_complete,
        CASE WHEN nps IS NULL AND csat IS NULL THEN comment END AS comment, left_out
    FROM response
    WHERE ces IS NOT NULL
)
SELECT
    'qualtrics' AS source,
    response_id,
    question,
    'relationship' AS touchpoint,
    CAST(NULL AS VARCHAR) AS aspect,
    customer_key,
    -- The address is hashed on arrival: respondents are known by their number alone.
    CAST(NULL AS VARCHAR) AS email_domain,
    respondent,
    CAST(NULL AS VARCHAR) AS ticket_id,
    team,
    answered_at,
    score,
    is_complete,
    comment,
    left_out
FROM answer
