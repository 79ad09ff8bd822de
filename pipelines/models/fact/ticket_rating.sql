-- One row per rated ticket, its last rating.
-- grain: ticket_id
WITH known AS (
    SELECT
        ticket_id,
        is_good,
        rated_at,
        row_number() OVER (PARTITION BY ticket_id ORDER BY rated_at DESC, rating_id DESC) AS place
    FROM staging.zendesk_satisfaction_ratings
    WHERE rated_at < $as_of
)
SELECT
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
JOIN fact.ticket AS ticket ON ticket.ticket_id = known.ticket_id
WHERE known.place = 1
