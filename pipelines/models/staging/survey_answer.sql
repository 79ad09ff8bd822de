-- One row per answer of a response, of every product that feeds it.
-- grain: source, response_id, question
SELECT
    source,
    response_id,
    question,
    customer_key,
    email_domain,
    ticket_id,
    team,
    answered_at,
    score,
    comment
FROM staging.qualtrics_relationship_survey
