-- One row per ticket that is solved.
-- grain: source, ticket_id
WITH event AS (
    SELECT source, ticket_id, customer_id, coalesce(category, '') AS category, opened_at AS at, 0 AS is_solution
    FROM fact.ticket
    WHERE left_out IS NULL
    UNION ALL
    SELECT source, ticket_id, customer_id, coalesce(category, '') AS category, resolved_at AS at, 1 AS is_solution
    FROM fact.ticket
    WHERE is_resolved AND resolved_at IS NOT NULL
),
-- Backwards in time the last ticket seen is the next one; what is opened at the very moment of a solution came before it.
followed AS (
    SELECT
        source,
        ticket_id,
        is_solution,
        min(CASE WHEN is_solution = 0 THEN at END) OVER (
            PARTITION BY customer_id, category ORDER BY at DESC, is_solution DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS next_opened_at
    FROM event
)
SELECT
    ticket.source,
    ticket.ticket_id,
    ticket.left_out,
    ticket.customer_id,
    ticket.segment,
    ticket.region,
    ticket.team,
    ticket.channel,
    ticket.priority,
    ticket.category,
    ticket.resolved_at,
    CASE WHEN ticket.customer_id IS NOT NULL THEN followed.next_opened_at END AS next_opened_at,
    -- Where one of both is not known there would be failures and no successes.
    CASE
        WHEN ticket.customer_id IS NOT NULL AND ticket.is_reopened IS NOT NULL
            THEN NOT ticket.is_reopened AND coalesce(followed.next_opened_at > ticket.resolved_at + INTERVAL '7' DAY, TRUE)
    END AS is_settled
FROM fact.ticket AS ticket
INNER JOIN followed
    ON followed.source = ticket.source AND followed.ticket_id = ticket.ticket_id AND followed.is_solution = 1
