-- Every ticket that came in is either counted or listed with the reason why not: never both, never neither.
SELECT ticket.source, ticket.ticket_id
FROM staging.ticket AS ticket
LEFT JOIN fact.ticket AS counted ON counted.source = ticket.source AND counted.ticket_id = ticket.ticket_id
LEFT JOIN fact.ticket_left_out AS left_out ON left_out.source = ticket.source AND left_out.ticket_id = ticket.ticket_id
WHERE (counted.ticket_id IS NULL) = (left_out.ticket_id IS NULL)
