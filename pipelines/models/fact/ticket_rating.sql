-- One row per rating of a ticket.
-- grain: source, rating_id
WITH rated AS (
    SELECT
        source,
        rating_id,
        ticket_id,
        is_good,
        rated_at,
        lead(rated_at) OVER (PARTITION BY source, ticket_id ORDER BY rated_at, rating_id) AS rated_again_at
    FROM staging.ticket_rating
)
SELECT
    rated.source,
    rated.rating_id,
    rated.ticket_id,
    CASE
        WHEN ticket.ticket_id IS NULL THEN 'ticket unknown'
        WHEN ticket.left_out IS NOT NULL THEN ticket.left_out
        WHEN rated.rated_again_at IS NOT NULL THEN 'rated again'
    END AS left_out,
    CASE WHEN ticket.ticket_id IS NOT NULL AND ticket.left_out IS NULL THEN rated.rated_again_at END AS left_out_at,
    ticket.customer_id,
    ticket.segment,
    ticket.region,
    ticket.team,
    ticket.channel,
    ticket.priority,
    ticket.category,
    rated.rated_at,
    rated.is_good
FROM rated
LEFT JOIN fact.ticket AS ticket ON ticket.source = rated.source AND ticket.ticket_id = rated.ticket_id
