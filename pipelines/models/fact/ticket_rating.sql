-- One row per rated ticket, its last rating.
-- grain: source, ticket_id
WITH known AS (
    SELECT
        source,
        ticket_id,
        is_good,
        rated_at,
        row_number() OVER (PARTITION BY source, ticket_id ORDER BY rated_at DESC, rating_id DESC) AS place
    FROM staging.ticket_rating
    WHERE rated_at < $as_of
)
SELECT
    ticket.source,
    ticket.ticket_id,
    ticket.customer_id,
    ticket.segment,
    ticket.region,
    ticket.team,
    ticket.channel,
    ticket.priority,
    ticket.category,
    known.rated_at,
    known.is_good
FROM known
JOIN fact.ticket AS ticket ON ticket.source = known.source AND ticket.ticket_id = known.ticket_id
WHERE known.place = 1
