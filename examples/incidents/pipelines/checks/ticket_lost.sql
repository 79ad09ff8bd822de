-- Incidents that have an event and are no ticket.
SELECT DISTINCT event.ticket_id
FROM fact.ticket_event AS event
LEFT JOIN fact.ticket AS ticket ON ticket.ticket_id = event.ticket_id
WHERE ticket.ticket_id IS NULL
