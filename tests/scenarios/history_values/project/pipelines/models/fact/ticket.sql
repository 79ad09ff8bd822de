-- One row per ticket, with the segment that its account had when it was opened.
-- grain: ticket_id
SELECT
    ticket.ticket_id,
    ticket.opened_at,
    ticket.status = 'solved' AS is_solved,
    account.segment
FROM raw.tickets AS ticket
LEFT JOIN history.accounts AS account
    ON account.account_id = ticket.account_id
    AND (account.is_first OR account.valid_from <= ticket.opened_at)
    AND (account.valid_to IS NULL OR account.valid_to > ticket.opened_at)
