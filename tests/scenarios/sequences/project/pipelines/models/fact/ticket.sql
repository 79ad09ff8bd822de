-- One row per ticket.
-- grain: ticket_id
WITH rated AS (
    SELECT ticket_id, count(*) AS ratings FROM raw.ratings GROUP BY ticket_id
)
SELECT
    ticket.ticket_id,
    customer.account_id,
    customer.segment,
    customer.plan,
    ticket.team,
    ticket.opened_at,
    ticket.solved_at,
    to_unixtime(ticket.solved_at) - to_unixtime(ticket.opened_at) AS seconds,
    ticket.solved_at > ticket.opened_at + INTERVAL '3 days' AS is_slow,
    coalesce(rated.ratings, 0) AS ratings
FROM staging.ticket AS ticket
LEFT JOIN dim.customer AS customer ON customer.customer_id = ticket.customer_id
LEFT JOIN rated ON rated.ticket_id = ticket.ticket_id
