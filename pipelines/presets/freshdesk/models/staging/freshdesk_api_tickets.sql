-- One row per ticket.
-- grain: source, ticket_id
WITH ticket AS (
    SELECT
        ticket_id,
        company_id,
        group_id,
        channel,
        priority,
        kind,
        status,
        is_deleted,
        is_spam,
        opened_at,
        first_replied_at,
        CASE WHEN status IN ('solved', 'closed') THEN coalesce(resolved_at, closed_at) END AS solved_at,
        due_at,
        updated_at
    FROM raw.freshdesk_api_tickets
)
SELECT
    'freshdesk' AS source,
    ticket_id,
    company_id AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    group_id AS team,
    channel,
    priority,
    lower(trim(kind)) AS category,
    status,
    CAST(NULL AS BOOLEAN) AS is_merged,
    is_deleted,
    is_spam,
    opened_at,
    first_replied_at,
    -- Of several solutions the last one is told.
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    solved_at,
    due_at AS sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    CAST(date_part('epoch', first_replied_at) - date_part('epoch', opened_at) AS BIGINT) AS first_reply_seconds,
    CAST(date_part('epoch', solved_at) - date_part('epoch', opened_at) AS BIGINT) AS resolution_seconds,
    CAST(NULL AS BIGINT) AS replies,
    CAST(NULL AS BIGINT) AS reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    CAST(NULL AS BIGINT) AS team_changes
FROM ticket
