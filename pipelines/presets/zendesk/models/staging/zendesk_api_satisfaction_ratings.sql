-- One row per rating; a ticket that was rated again has several.
-- grain: source, rating_id
SELECT
    'zendesk' AS source,
    rating_id,
    ticket_id,
    score LIKE 'good%' AS is_good,
    created_at AS rated_at
FROM raw.zendesk_api_satisfaction_ratings
WHERE score LIKE 'good%' OR score LIKE 'bad%'
