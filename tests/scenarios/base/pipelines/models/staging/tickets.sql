-- One row per ticket, as the help desk exports it.
SELECT ticket_id, trim(team) AS team, opened_at, score
FROM raw.tickets
