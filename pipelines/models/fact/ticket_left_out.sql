-- One row per ticket that fact.ticket leaves out, and why.
-- grain: ticket_id
SELECT
    left_out.ticket_id,
    CASE
        WHEN left_out.opened_at >= $as_of THEN 'opened later'
        WHEN left_out.status = 'deleted' THEN 'deleted'
        WHEN left_out.is_merged THEN 'merged into another'
        ELSE 'test account'
    END AS reason
FROM staging.zendesk_tickets AS left_out
LEFT JOIN fact.ticket AS counted ON counted.ticket_id = left_out.ticket_id
WHERE counted.ticket_id IS NULL
