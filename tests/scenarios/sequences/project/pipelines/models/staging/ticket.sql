-- One row per ticket.
SELECT ticket_id, customer_id, team, opened_at, solved_at
FROM raw.tickets
