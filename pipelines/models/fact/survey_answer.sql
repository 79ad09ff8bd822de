-- One row per answer: a response may have several.
-- grain: source, response_id, question
SELECT
    answer.source,
    answer.response_id,
    answer.question,
    coalesce(answer.left_out, CASE WHEN customer.is_test THEN 'test account' END) AS left_out,
    customer.customer_id,
    held.segment,
    held.region,
    answer.respondent,
    answer.team,
    answer.touchpoint,
    coalesce(
        answer.aspect,
        CASE
            WHEN answer.question IN ('ces', 'ces5') THEN 'ease'
            WHEN answer.question IN ('nps', 'csat', 'csat3', 'stars', 'smileys', 'thumbs', 'pmf') THEN 'overall'
        END
    ) AS aspect,
    answer.answered_at,
    answer.score,
    coalesce(answer.is_complete, TRUE) AS is_complete,
    answer.comment
FROM staging.survey_answer AS answer
LEFT JOIN dim.map_identity AS by_number
    ON by_number.source = answer.source AND by_number.kind = 'account' AND by_number.source_key = answer.customer_key
LEFT JOIN dim.map_identity AS by_domain
    ON by_domain.source = answer.source AND by_domain.kind = 'domain' AND by_domain.source_key = answer.email_domain
LEFT JOIN dim.customer AS customer
    ON customer.customer_id = coalesce(by_number.customer_id, by_domain.customer_id)
LEFT JOIN dim.customer_history AS held
    ON held.customer_id = customer.customer_id
    AND (held.valid_from IS NULL OR held.valid_from <= answer.answered_at)
    AND (held.valid_to IS NULL OR held.valid_to > answer.answered_at)
