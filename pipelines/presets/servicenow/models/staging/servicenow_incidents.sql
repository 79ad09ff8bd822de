-- One row per incident, its newest state.
-- grain: source, ticket_id
WITH incident AS (
    SELECT
        incident,
        company,
        team,
        channel,
        priority,
        category,
        state,
        opened_at,
        CASE WHEN state IN ('solved', 'closed') THEN coalesce(resolved_at, closed_at) END AS solved_at,
        is_sla_met,
        reopens,
        updated_at,
        team_changes
    FROM raw.servicenow_incidents
)
SELECT
    'servicenow' AS source,
    incident AS ticket_id,
    trim(company) AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    trim(team) AS team,
    lower(channel) AS channel,
    priority,
    lower(trim(category)) AS category,
    lower(state) AS status,
    CAST(NULL AS BOOLEAN) AS is_merged,
    CAST(NULL AS BOOLEAN) AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    opened_at,
    -- Replies are in the journal, which a list does not export.
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_replied_at,
    -- Of several solutions the last one is exported.
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    CASE WHEN solved_at IS NOT NULL THEN is_sla_met END AS is_sla_met,
    CAST(NULL AS BIGINT) AS first_reply_seconds,
    CAST(date_part('epoch', solved_at) - date_part('epoch', opened_at) AS BIGINT) AS resolution_seconds,
    CAST(NULL AS BIGINT) AS replies,
    reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    team_changes
FROM incident
