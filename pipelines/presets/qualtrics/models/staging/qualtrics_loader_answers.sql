-- One row per answer of a response, of the one survey; those of previews, tests and spam are left out.
-- grain: source, response_id, question
WITH response AS (
    SELECT
        response_id,
        email_domain,
        respondent,
        is_finished AS is_complete,
        recorded_at,
        CASE
            WHEN is_gone THEN 'deleted'
            WHEN status = 'Survey Preview' THEN 'preview'
            WHEN status = 'Survey Test' THEN 'test'
            WHEN status = 'Spam' THEN 'spam'
        END AS left_out
    FROM raw.qualtrics_loader_responses
    WHERE survey = 'relationship' OR (SELECT count(DISTINCT survey) FROM raw.qualtrics_loader_responses) = 1
),
numbered AS (
    SELECT
        response_id,
        question,
        try_cast(trim(value) AS BIGINT) AS score,
        trim(coalesce(text, value)) AS words,
        row_number() OVER (
            PARTITION BY response_id, question ORDER BY length(loop), loop, answer_id
        ) AS place
    FROM raw.qualtrics_loader_answers
    WHERE question IN ('nps', 'csat', 'ces', 'comment')
        AND row IS NULL
        AND (value IS NOT NULL OR text IS NOT NULL)
        AND NOT coalesce(is_gone, FALSE)
),
-- The comment stands with the first question answered, so that each is there once.
answer AS (
    SELECT
        response_id,
        question,
        score,
        row_number() OVER (
            PARTITION BY response_id ORDER BY CASE question WHEN 'nps' THEN 1 WHEN 'csat' THEN 2 ELSE 3 END
        ) AS place
    FROM numbered
    WHERE place = 1 AND question <> 'comment' AND score IS NOT NULL
)
SELECT
    'qualtrics' AS source,
    answer.response_id,
    answer.question,
    -- What the survey is asked after: purchase, support, product or relationship.
    CAST(NULL AS VARCHAR) AS touchpoint,
    CAST(NULL AS VARCHAR) AS aspect,
    -- The number of the contact is in no table of these.
    CAST(NULL AS VARCHAR) AS customer_key,
    response.email_domain,
    response.respondent,
    CAST(NULL AS VARCHAR) AS ticket_id,
    CAST(NULL AS VARCHAR) AS team,
    response.recorded_at AS answered_at,
    answer.score,
    response.is_complete,
    CASE WHEN answer.place = 1 THEN remark.words END AS comment,
    response.left_out
FROM answer
JOIN response ON response.response_id = answer.response_id
LEFT JOIN numbered AS remark
    ON remark.response_id = answer.response_id AND remark.question = 'comment' AND remark.place = 1
