-- One row per ticket.
-- grain: ticket_id
SELECT
    ticket_id,
    organization_id,
    lower(trim(requester_domain)) AS requester_domain,
    trim(team) AS team,
    lower(trim(channel)) AS channel,
    lower(trim(priority)) AS priority,
    lower(trim(topic)) AS category,
    CASE WHEN status = 'Hold' THEN 'on-hold' ELSE lower(status) END AS status,
    coalesce(tags, '') LIKE '%closed_by_merge%' AS is_merged,
    created_at AS opened_at,
    solved_at,
    sla_due_at,
    first_reply_minutes,
    first_resolution_minutes,
    full_resolution_minutes,
    coalesce(replies, 0) AS replies,
    coalesce(reopens, 0) AS reopens
FROM raw.zendesk_tickets
