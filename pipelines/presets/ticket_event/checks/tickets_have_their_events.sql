-- Tickets opened since the events of their product begin, and that have none, or have some that begin later or end in another
-- state than that of the ticket: what the product tells in totals stands in for them, and `backlog` is without them or wrong.
-- severity: warn
WITH log AS (
    SELECT source, min(happened_at) AS begins_at
    FROM staging.ticket_event
    GROUP BY source
)
SELECT ticket.source, ticket.ticket_id, ticket.opened_at, ticket.resolved_at
FROM fact.ticket AS ticket
JOIN log ON log.source = ticket.source
WHERE ticket.left_out IS NULL AND NOT ticket.has_events AND ticket.opened_at >= log.begins_at
