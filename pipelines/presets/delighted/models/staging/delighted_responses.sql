-- One row per response: each answers one question. A check proves that scores fit it.
-- grain: source, response_id, question
WITH response AS (
    SELECT
        response_id,
        -- Seven steps of ease are what others call CES; five of them are another scale.
        CASE survey_type WHEN 'ces7' THEN 'ces' WHEN 'ces' THEN 'ces5' ELSE survey_type END AS question,
        customer_number,
        email_domain,
        coalesce(respondent, person_id) AS respondent,
        created_at,
        score,
        trim(comment) AS comment
    FROM raw.delighted_responses
)
SELECT
    'delighted' AS source,
    response_id,
    question,
    -- What the survey is asked after: purchase, support, product or relationship.
    CAST(NULL AS VARCHAR) AS touchpoint,
    CAST(NULL AS VARCHAR) AS aspect,
    customer_number AS customer_key,
    email_domain,
    respondent,
    CAST(NULL AS VARCHAR) AS ticket_id,
    CAST(NULL AS VARCHAR) AS team,
    created_at AS answered_at,
    score,
    TRUE AS is_complete,
    comment,
    CAST(NULL AS VARCHAR) AS left_out
FROM response
