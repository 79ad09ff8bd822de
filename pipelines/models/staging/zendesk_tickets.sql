-- One row per ticket.
-- grain: source, ticket_id
SELECT
    'zendesk' AS source,
    ticket_id,
    organization_id AS customer_key,
    lower(trim(requester_domain)) AS email_domain,
    trim(team) AS team,
    lower(trim(channel)) AS channel,
    lower(trim(priority)) AS priority,
    lower(trim(topic)) AS category,
    CASE WHEN status = 'Hold' THEN 'on-hold' ELSE lower(status) END AS status,
    coalesce(tags, '') LIKE '%closed_by_merge%' AS is_merged,
    status = 'Deleted' AS is_deleted,
    -- Suspended tickets are not exported.
    CAST(NULL AS BOOLEAN) AS is_spam,
    created_at AS opened_at,
    created_at + CAST(CAST(first_reply_seconds AS VARCHAR) || ' seconds' AS INTERVAL) AS first_replied_at,
    created_at + CAST(CAST(first_resolution_minutes AS VARCHAR) || ' minutes' AS INTERVAL) AS first_solved_at,
    -- A ticket that was opened again keeps the moment of its last solution.
    CASE WHEN status IN ('Solved', 'Closed') THEN solved_at END AS solved_at,
    sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    first_reply_seconds,
    coalesce(full_resolution_minutes * 60, full_resolution_seconds) AS resolution_seconds,
    replies,
    reopens
FROM raw.zendesk_tickets
