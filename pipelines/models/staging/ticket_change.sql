-- One row per ticket and moment at which something happened to it, with what was so before and after.
-- grain: source, ticket_id, happened_at
WITH moment AS (
    -- What another event replaces at its own moment never held.
    SELECT
        source,
        ticket_id,
        happened_at,
        last_value(value ORDER BY sequence, event_id) FILTER (WHERE field = 'status') AS status_set,
        last_value(coalesce(value, '') ORDER BY sequence, event_id) FILTER (WHERE field = 'team') AS team_set,
        last_value(coalesce(value, '') ORDER BY sequence, event_id) FILTER (WHERE field = 'priority') AS priority_set,
        last_value(coalesce(value, '') ORDER BY sequence, event_id) FILTER (WHERE field = 'assignee') AS assignee_set,
        count(*) FILTER (WHERE field = 'reply' AND actor = 'agent') AS replies
    FROM staging.ticket_event
    GROUP BY source, ticket_id, happened_at
),
held AS (
    SELECT
        source,
        ticket_id,
        happened_at,
        replies,
        last_value(status_set) IGNORE NULLS OVER until_before AS former_status,
        last_value(status_set) IGNORE NULLS OVER until_then AS status,
        last_value(team_set) IGNORE NULLS OVER until_before AS former_team,
        last_value(team_set) IGNORE NULLS OVER until_then AS team,
        last_value(priority_set) IGNORE NULLS OVER until_then AS priority,
        last_value(assignee_set) IGNORE NULLS OVER until_before AS former_assignee,
        last_value(assignee_set) IGNORE NULLS OVER until_then AS assignee
    FROM moment
    WINDOW
        until_before AS (PARTITION BY source, ticket_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        until_then AS (PARTITION BY source, ticket_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT
    source,
    ticket_id,
    happened_at,
    nullif(former_status, '') AS former_status,
    status,
    nullif(former_team, '') AS former_team,
    nullif(team, '') AS team,
    nullif(priority, '') AS priority,
    status IS NOT NULL AND status IS DISTINCT FROM former_status AS is_status_change,
    -- To be without a team or an assignee for a while is no station.
    team <> '' AND team IS DISTINCT FROM former_team AS is_team_change,
    assignee <> '' AND assignee IS DISTINCT FROM former_assignee AS is_assignment,
    replies
FROM held
