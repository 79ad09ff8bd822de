-- One row per rating; of several of a ticket the last one counts.
-- grain: rating_id
WITH placed AS (
    SELECT
        rating_id,
        ticket_id,
        rated_at,
        score,
        row_number() OVER (PARTITION BY ticket_id ORDER BY rated_at DESC, rating_id) AS place
    FROM raw.ratings
)
SELECT
    placed.rating_id,
    CASE WHEN placed.place > 1 THEN 'rated again' END AS left_out,
    ticket.team,
    ticket.segment,
    ticket.account_id,
    placed.rated_at,
    placed.score
FROM placed
LEFT JOIN fact.ticket AS ticket ON ticket.ticket_id = placed.ticket_id
