-- One row per ticket that counts, its state at $as_of.
-- grain: ticket_id
WITH known AS (
    SELECT
        ticket_id,
        organization_id,
        requester_domain,
        team,
        channel,
        priority,
        category,
        opened_at,
        sla_due_at,
        replies,
        reopens,
        opened_at + CAST(CAST(first_reply_minutes AS VARCHAR) || ' minutes' AS INTERVAL) AS first_replied_at,
        opened_at + CAST(CAST(first_resolution_minutes AS VARCHAR) || ' minutes' AS INTERVAL) AS first_solved_at,
        CASE WHEN solved_at < $as_of THEN solved_at END AS resolved_at,
        first_reply_minutes,
        full_resolution_minutes
    FROM staging.zendesk_tickets
    WHERE opened_at < $as_of AND status <> 'deleted' AND NOT is_merged
)
SELECT
    known.ticket_id,
    customer.customer_id,
    customer.segment,
    customer.region,
    known.team,
    known.channel,
    known.priority,
    known.category,
    known.opened_at,
    CASE WHEN known.first_replied_at < $as_of THEN known.first_replied_at END AS first_replied_at,
    CASE WHEN known.first_solved_at < $as_of THEN known.first_solved_at END AS first_solved_at,
    known.resolved_at,
    CASE WHEN known.first_replied_at < $as_of THEN known.first_reply_minutes * 60 END AS first_reply_seconds,
    CASE WHEN known.resolved_at IS NOT NULL THEN known.full_resolution_minutes * 60 END AS resolution_seconds,
    known.replies,
    known.reopens,
    known.resolved_at IS NOT NULL AS is_resolved,
    known.reopens > 0 AS is_reopened,
    known.resolved_at IS NOT NULL AND known.replies = 1 AND known.reopens = 0 AS is_one_touch,
    known.sla_due_at,
    CASE
        WHEN known.resolved_at <= known.sla_due_at THEN TRUE
        WHEN known.sla_due_at < $as_of THEN FALSE
    END AS is_sla_met
FROM known
LEFT JOIN dim.customer_map AS by_number
    ON by_number.source = 'zendesk' AND by_number.source_key = known.organization_id
LEFT JOIN dim.customer_map AS by_domain
    ON by_domain.source = 'domain' AND by_domain.source_key = known.requester_domain
LEFT JOIN dim.customer AS customer
    ON customer.customer_id = coalesce(by_number.customer_id, by_domain.customer_id)
WHERE NOT coalesce(customer.is_test, FALSE)
