-- One row per answer of a response, of every product that feeds it.
-- grain: source, response_id, question
SELECT
    source,
    response_id,
    question,
    touchpoint,
    aspect,
    customer_key,
    email_domain,
    respondent,
    ticket_id,
    team,
    answered_at,
    score,
    is_complete,
    comment,
    left_out
FROM staging.qualtrics_relationship_survey
