-- One row per ticket.
-- grain: source, ticket_id
WITH ticket AS (
    SELECT *, coalesce(first_reply_minutes * 60, first_reply_seconds) AS replied_after FROM raw.zendesk_api_tickets
)
SELECT
    'zendesk' AS source,
    ticket_id,
    organization_id AS customer_key,
    -- The requester is a number here.
    CAST(NULL AS VARCHAR) AS email_domain,
    group_id AS team,
    channel,
    priority,
    kind AS category,
    status,
    coalesce(tags, '') LIKE '%"closed_by_merge"%' AS is_merged,
    status = 'deleted' AS is_deleted,
    -- Suspended tickets are not among them.
    CAST(NULL AS BOOLEAN) AS is_spam,
    created_at AS opened_at,
    created_at + CAST(CAST(replied_after AS VARCHAR) || ' seconds' AS INTERVAL) AS first_replied_at,
    created_at + CAST(CAST(first_resolution_minutes AS VARCHAR) || ' minutes' AS INTERVAL) AS first_solved_at,
    -- A ticket that was opened again keeps the moment of its last solution.
    CASE WHEN status IN ('solved', 'closed') THEN solved_at END AS solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    replied_after AS first_reply_seconds,
    full_resolution_minutes * 60 AS resolution_seconds,
    replies,
    reopens,
    -- Durations are told in whole minutes, and not always rounded down.
    60 AS precision_seconds,
    updated_at,
    -- What it waited until it was solved, in whole minutes.
    CASE WHEN status IN ('solved', 'closed') THEN requester_wait_minutes * 60 END AS requester_wait_seconds,
    CASE WHEN status IN ('solved', 'closed') THEN agent_wait_minutes * 60 END AS agent_wait_seconds,
    CASE WHEN status IN ('solved', 'closed') THEN on_hold_minutes * 60 END AS on_hold_seconds,
    assignee_stations AS assignments,
    CASE WHEN team_stations > 0 THEN team_stations - 1 ELSE team_stations END AS team_changes
FROM ticket
