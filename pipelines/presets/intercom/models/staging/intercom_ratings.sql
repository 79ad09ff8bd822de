-- One row per conversation that was rated, one to five.
-- grain: source, response_id, question
SELECT
    'intercom' AS source,
    conversation_id AS response_id,
    'csat' AS question,
    'support' AS touchpoint,
    CAST(NULL AS VARCHAR) AS aspect,
    external_id AS customer_key,
    email_domain,
    coalesce(rated_by, external_id) AS respondent,
    conversation_id AS ticket_id,
    team_id AS team,
    rated_at AS answered_at,
    rating AS score,
    TRUE AS is_complete,
    trim(remark) AS comment,
    CAST(NULL AS VARCHAR) AS left_out
FROM raw.intercom_conversations
WHERE rating BETWEEN 1 AND 5 AND rated_at IS NOT NULL AND coalesce(is_active, TRUE) AND NOT coalesce(is_gone, FALSE)
