-- One row per rating. Who is neutral says neither good nor bad.
-- grain: source, rating_id
SELECT
    'freshdesk' AS source,
    rating_id,
    ticket_id,
    rating > 100 AS is_good,
    created_at AS rated_at
FROM raw.freshdesk_api_ratings
WHERE rating <> 100
