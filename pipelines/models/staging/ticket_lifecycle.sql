-- One row per ticket that has events: what they tell of it up to the state that is known of the ticket itself.
-- grain: source, ticket_id
WITH known AS (
    SELECT
        ticket.source,
        ticket.ticket_id,
        ticket.opened_at,
        change.happened_at,
        min(change.happened_at) OVER (PARTITION BY ticket.source, ticket.ticket_id) AS begins_at,
        change.former_status,
        change.status,
        change.is_status_change,
        change.is_team_change,
        change.is_assignment,
        change.replies
    FROM staging.ticket AS ticket
    JOIN staging.ticket_change AS change
        ON change.source = ticket.source AND change.ticket_id = ticket.ticket_id
            -- A run for an earlier day knows an earlier state. Some products tell its moment in whole minutes.
            AND change.happened_at < coalesce(ticket.updated_at, change.happened_at) + INTERVAL '1 minute'
),
stretch AS (
    SELECT
        source,
        ticket_id,
        status,
        happened_at AS from_at,
        to_unixtime(lead(happened_at) OVER (PARTITION BY source, ticket_id ORDER BY happened_at)) - to_unixtime(happened_at) AS seconds,
        -- What is closed without having been solved is solved by that.
        status IN ('solved', 'closed') AND coalesce(former_status NOT IN ('solved', 'closed'), TRUE) AS is_solution,
        status IN ('new', 'open', 'pending', 'on-hold') AND former_status IN ('solved', 'closed') AS is_reopening
    FROM known
    WHERE is_status_change
),
state AS (
    SELECT
        source,
        ticket_id,
        min(from_at) AS begins_at,
        min(from_at) FILTER (WHERE is_solution) AS first_solved_at,
        max(from_at) FILTER (WHERE is_solution) AS last_solved_at,
        coalesce(last_value(status ORDER BY from_at) FILTER (WHERE status <> 'deleted') IN ('solved', 'closed'), FALSE) AS is_solved,
        count(*) FILTER (WHERE is_reopening) AS reopens,
        coalesce(sum(seconds) FILTER (WHERE status IN ('new', 'open', 'on-hold')), 0) AS requester_wait_seconds,
        coalesce(sum(seconds) FILTER (WHERE status = 'pending'), 0) AS agent_wait_seconds,
        coalesce(sum(seconds) FILTER (WHERE status = 'on-hold'), 0) AS on_hold_seconds
    FROM stretch
    GROUP BY source, ticket_id
),
work AS (
    SELECT
        source,
        ticket_id,
        min(opened_at) AS opened_at,
        count(*) FILTER (WHERE is_assignment) AS assignments,
        count(*) FILTER (WHERE is_team_change) AS teams,
        -- What an agent opens a ticket with is no reply.
        min(happened_at) FILTER (WHERE replies > 0 AND happened_at > begins_at) AS first_replied_at,
        coalesce(sum(replies) FILTER (WHERE happened_at > begins_at), 0) AS replies
    FROM known
    GROUP BY source, ticket_id
)
SELECT
    work.source,
    work.ticket_id,
    state.begins_at <= work.opened_at + INTERVAL '1 day' AS is_whole,
    state.is_solved,
    state.first_solved_at,
    CASE WHEN state.is_solved THEN state.last_solved_at END AS solved_at,
    state.reopens,
    CASE WHEN state.is_solved THEN state.requester_wait_seconds END AS requester_wait_seconds,
    CASE WHEN state.is_solved THEN state.agent_wait_seconds END AS agent_wait_seconds,
    CASE WHEN state.is_solved THEN state.on_hold_seconds END AS on_hold_seconds,
    -- A log that names nobody anywhere does not tell that there was none.
    CASE WHEN sum(work.assignments) OVER (PARTITION BY work.source) > 0 THEN work.assignments END AS assignments,
    CASE WHEN sum(work.teams) OVER (PARTITION BY work.source) > 0 THEN greatest(work.teams - 1, 0) END AS team_changes,
    work.first_replied_at,
    CASE WHEN sum(work.replies) OVER (PARTITION BY work.source) > 0 THEN work.replies END AS replies
FROM work
LEFT JOIN state ON state.source = work.source AND state.ticket_id = work.ticket_id
