-- One row per incident: its last event.
-- grain: ticket_id
WITH latest AS (
    SELECT
        ticket_id,
        customer_id,
        team,
        channel,
        priority,
        category,
        opened_at,
        resolved_at,
        closed_at,
        reassignments,
        reopens,
        is_sla_met
    FROM fact.ticket_event
    -- Change numbers repeat in five incidents: the later line is the later event.
    QUALIFY row_number() OVER (
        PARTITION BY ticket_id
        ORDER BY change_number DESC, extract_file DESC, extract_line DESC
    ) = 1
)
SELECT
    ticket_id,
    customer_id,
    team,
    channel,
    priority,
    category,
    opened_at,
    resolved_at,
    closed_at,
    to_unixtime(resolved_at) - to_unixtime(opened_at) AS resolution_seconds,
    reassignments,
    reopens,
    resolved_at IS NOT NULL AS is_resolved,
    resolved_at IS NOT NULL AND reassignments = 0 AND reopens = 0 AS is_resolved_by_first_team,
    reopens > 0 AS is_reopened,
    is_sla_met
FROM latest
