-- One row per ticket.
-- grain: source, ticket_id
SELECT
    'freshdesk' AS source,
    ticket_id,
    -- The export names a company by its name alone.
    trim(company) AS customer_key,
    email_domain,
    trim(team) AS team,
    lower(channel) AS channel,
    priority,
    lower(trim(kind)) AS category,
    lower(status) AS status,
    is_merged,
    CAST(NULL AS BOOLEAN) AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    opened_at,
    first_replied_at,
    -- Of several solutions the last one is exported.
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    CASE WHEN status IN ('solved', 'closed') THEN coalesce(resolved_at, closed_at) END AS solved_at,
    due_at AS sla_due_at,
    CASE
        WHEN lower(resolution_status) = 'within sla' THEN TRUE
        WHEN lower(resolution_status) = 'sla violated' THEN FALSE
    END AS is_sla_met,
    first_reply_seconds,
    resolution_seconds,
    agent_interactions AS replies,
    CAST(NULL AS BIGINT) AS reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    CAST(NULL AS BIGINT) AS team_changes
FROM raw.freshdesk_tickets
