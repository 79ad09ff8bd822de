SELECT ticket_id, team, opened_at, score
FROM fact.ticket
