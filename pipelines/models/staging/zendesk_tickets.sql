-- One row per ticket.
-- grain: source, ticket_id
WITH merged AS (
    SELECT DISTINCT merged_id AS ticket_id
    FROM (
        SELECT unnest(string_to_array(regexp_replace(merged_ids, '[^0-9,]', '', 'g'), ',')) AS merged_id
        FROM raw.zendesk_tickets
        WHERE merged_ids <> '[]'
    ) AS listed
),
ticket AS (
    SELECT *, CASE WHEN lower(status) = 'hold' THEN 'on-hold' ELSE lower(status) END AS word
    FROM raw.zendesk_tickets
    WHERE coalesce(is_active, TRUE)
)
SELECT
    'zendesk' AS source,
    ticket.ticket_id,
    organization_id AS customer_key,
    lower(trim(requester_domain)) AS email_domain,
    trim(team) AS team,
    lower(trim(channel)) AS channel,
    lower(trim(priority)) AS priority,
    lower(trim(topic)) AS category,
    word AS status,
    -- Told by a tag, or by the ticket that it was merged into.
    coalesce(tags, '') LIKE '%closed_by_merge%' OR merged.ticket_id IS NOT NULL AS is_merged,
    word = 'deleted' OR coalesce(is_gone, FALSE) AS is_deleted,
    -- Suspended tickets are not exported.
    CAST(NULL AS BOOLEAN) AS is_spam,
    created_at AS opened_at,
    created_at + CAST(CAST(first_reply_seconds AS VARCHAR) || ' seconds' AS INTERVAL) AS first_replied_at,
    created_at + CAST(CAST(first_resolution_minutes AS VARCHAR) || ' minutes' AS INTERVAL) AS first_solved_at,
    -- A ticket that was opened again keeps the moment of its last solution.
    CASE WHEN word IN ('solved', 'closed') THEN solved_at END AS solved_at,
    sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    first_reply_seconds,
    coalesce(full_resolution_minutes * 60, full_resolution_seconds) AS resolution_seconds,
    replies,
    reopens,
    -- Durations are told in whole minutes, and not always rounded down.
    60 AS precision_seconds,
    updated_at,
    -- What it waited until it was solved, in whole minutes.
    CASE WHEN word IN ('solved', 'closed') THEN requester_wait_minutes * 60 END AS requester_wait_seconds,
    CASE WHEN word IN ('solved', 'closed') THEN agent_wait_minutes * 60 END AS agent_wait_seconds,
    CASE WHEN word IN ('solved', 'closed') THEN on_hold_minutes * 60 END AS on_hold_seconds,
    assignee_stations AS assignments,
    CASE WHEN team_stations > 0 THEN team_stations - 1 ELSE team_stations END AS team_changes
FROM ticket
LEFT JOIN merged ON merged.ticket_id = ticket.ticket_id
