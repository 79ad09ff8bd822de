-- Incidents that were resolved before they were opened, or closed before they were resolved.
SELECT ticket_id, opened_at, resolved_at, closed_at
FROM fact.ticket
WHERE resolved_at < opened_at OR closed_at < opened_at OR closed_at < resolved_at
