-- One row per answer.
-- grain: source, response_id, question
WITH file AS (
    SELECT *, max(answered_at) OVER (PARTITION BY _file) AS reaches FROM raw.google_forms_responses
),
-- Files that share a response are downloads of one form.
shared AS (
    SELECT
        *,
        max(reaches) OVER (PARTITION BY answered_at, email_domain, respondent, customer_number, nps, csat, ces, comment) AS shared_reaches
    FROM file
),
form AS (
    SELECT *, max(shared_reaches) OVER (PARTITION BY _file) AS form_reaches FROM shared
),
-- Of the newest downloads of a form that reach equally far, each holds a response as often as it was given.
numbered AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY _file, answered_at, email_domain, respondent, customer_number, nps, csat, ces, comment ORDER BY _line
        ) AS repeat
    FROM form
    WHERE reaches = form_reaches
),
given AS (
    SELECT
        answered_at,
        email_domain,
        respondent,
        customer_number,
        nps,
        csat,
        ces,
        comment,
        repeat,
        min(_line) AS line
    FROM numbered
    GROUP BY answered_at, email_domain, respondent, customer_number, nps, csat, ces, comment, repeat
),
response AS (
    SELECT
        -- The second it was given, and its place within it.
        to_char(answered_at, '%Y%m%dT%H%M%S') || '-' || CAST(
            row_number() OVER (
                PARTITION BY date_trunc('second', answered_at)
                ORDER BY line, nps, csat, ces, comment, email_domain, respondent, customer_number, repeat
            ) AS VARCHAR
        ) AS response_id,
        customer_number AS customer_key,
        email_domain,
        respondent,
        answered_at,
        nps,
        csat,
        ces,
        -- A form is sent at its end or not at all.
        TRUE AS is_complete,
        trim(comment) AS comment
    FROM given
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
    'google_forms' AS source,
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
