-- One row per ticket of the help desks, of every product that feeds it.
-- grain: source, ticket_id
SELECT
    source,
    ticket_id,
    customer_key,
    email_domain,
    team,
    channel,
    priority,
    category,
    status,
    is_merged,
    is_deleted,
    is_spam,
    opened_at,
    first_replied_at,
    first_solved_at,
    solved_at,
    sla_due_at,
    is_sla_met,
    first_reply_seconds,
    resolution_seconds,
    replies,
    reopens,
    precision_seconds,
    updated_at
FROM staging.zendesk_tickets
