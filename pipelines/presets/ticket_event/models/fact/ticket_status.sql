-- One row per ticket and stretch of one status.
-- grain: source, ticket_id, from_at
WITH stretch AS (
    SELECT
        source,
        ticket_id,
        former_status,
        status,
        happened_at AS from_at,
        lead(happened_at) OVER (PARTITION BY source, ticket_id ORDER BY happened_at) AS until_at,
        team,
        max(team) OVER (PARTITION BY source, ticket_id) IS NOT NULL AS has_team,
        priority
    FROM staging.ticket_change
    WHERE is_status_change
)
SELECT
    stretch.source,
    stretch.ticket_id,
    CASE WHEN ticket.ticket_id IS NULL THEN 'ticket not delivered' ELSE ticket.left_out END AS left_out,
    ticket.customer_id,
    ticket.segment,
    ticket.region,
    -- Where no event tells a team, the ticket does.
    CASE WHEN stretch.has_team THEN stretch.team ELSE ticket.team END AS team,
    ticket.channel,
    coalesce(stretch.priority, ticket.priority) AS priority,
    ticket.category,
    stretch.former_status,
    stretch.status,
    stretch.status IN ('new', 'open', 'pending', 'on-hold') AS is_open,
    stretch.from_at,
    stretch.until_at,
    to_unixtime(stretch.until_at) - to_unixtime(stretch.from_at) AS seconds
FROM stretch
LEFT JOIN fact.ticket AS ticket ON ticket.source = stretch.source AND ticket.ticket_id = stretch.ticket_id
