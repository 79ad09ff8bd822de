-- One row per ticket that fact.ticket leaves out, and why.
-- grain: source, ticket_id
SELECT
    left_out.source,
    left_out.ticket_id,
    CASE
        WHEN left_out.opened_at >= $as_of THEN 'opened later'
        WHEN left_out.is_deleted THEN 'deleted'
        WHEN left_out.is_merged THEN 'merged into another'
        WHEN left_out.is_spam THEN 'spam'
        ELSE 'test account'
    END AS reason
FROM staging.ticket AS left_out
LEFT JOIN fact.ticket AS counted ON counted.source = left_out.source AND counted.ticket_id = left_out.ticket_id
WHERE counted.ticket_id IS NULL
