-- One row per rating of a ticket, of every product that feeds it.
-- grain: source, rating_id
SELECT
    source,
    rating_id,
    ticket_id,
    is_good,
    rated_at
FROM staging.zendesk_satisfaction_ratings
