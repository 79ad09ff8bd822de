-- One row per ticket of a customer who had paid access by a subscription when it was opened.
-- grain: source, ticket_id
SELECT
    ticket.source,
    ticket.ticket_id,
    ticket.left_out,
    ticket.customer_id,
    ticket.segment,
    ticket.region,
    ticket.channel,
    ticket.category,
    ticket.opened_at
FROM fact.ticket AS ticket
INNER JOIN fact.customer_tenure AS tenure
    ON tenure.customer_id = ticket.customer_id
    AND tenure.started_at <= ticket.opened_at
    AND (tenure.ended_at IS NULL OR tenure.ended_at > ticket.opened_at)
