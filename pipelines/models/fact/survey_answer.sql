-- One row per answer: a response has up to three. Its comment stands with the first of them.
-- grain: response_id, question
WITH response AS (
    SELECT
        survey.response_id,
        customer.customer_id,
        customer.segment,
        customer.region,
        survey.team,
        survey.answered_at,
        survey.nps,
        survey.csat,
        survey.ces,
        survey.comment
    FROM staging.qualtrics_relationship_survey AS survey
    LEFT JOIN dim.customer_map AS by_number
        ON by_number.source = 'qualtrics' AND by_number.source_key = survey.customer_number
    LEFT JOIN dim.customer AS customer ON customer.customer_id = by_number.customer_id
    WHERE survey.answered_at < $as_of AND NOT coalesce(customer.is_test, FALSE)
)
SELECT response_id, 'nps' AS question, customer_id, segment, region, team, answered_at, nps AS score, comment
FROM response
WHERE nps IS NOT NULL
UNION ALL
SELECT
    response_id, 'csat' AS question, customer_id, segment, region, team, answered_at, csat AS score,
    CASE WHEN nps IS NULL THEN comment END AS comment
FROM response
WHERE csat IS NOT NULL
UNION ALL
SELECT
    response_id, 'ces' AS question, customer_id, segment, region, team, answered_at, ces AS score,
    CASE WHEN nps IS NULL AND csat IS NULL THEN comment END AS comment
FROM response
WHERE ces IS NOT NULL
