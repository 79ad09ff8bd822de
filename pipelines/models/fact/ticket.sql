-- One row per ticket that counts, its state at $as_of.
-- grain: source, ticket_id
WITH known AS (
    SELECT
        source,
        ticket_id,
        customer_key,
        email_domain,
        team,
        channel,
        priority,
        category,
        opened_at,
        CASE WHEN first_replied_at < $as_of THEN first_replied_at END AS first_replied_at,
        CASE WHEN first_solved_at < $as_of THEN first_solved_at END AS first_solved_at,
        CASE WHEN solved_at < $as_of THEN solved_at END AS resolved_at,
        first_reply_seconds,
        resolution_seconds,
        replies,
        reopens,
        sla_due_at,
        is_sla_met
    FROM staging.ticket
    WHERE opened_at < $as_of
        AND NOT coalesce(is_deleted, FALSE)
        AND NOT coalesce(is_merged, FALSE)
        AND NOT coalesce(is_spam, FALSE)
)
SELECT
    known.source,
    known.ticket_id,
    customer.customer_id,
    customer.segment,
    customer.region,
    known.team,
    known.channel,
    known.priority,
    known.category,
    known.opened_at,
    known.first_replied_at,
    known.first_solved_at,
    known.resolved_at,
    CASE WHEN known.first_replied_at IS NOT NULL THEN known.first_reply_seconds END AS first_reply_seconds,
    CASE WHEN known.resolved_at IS NOT NULL THEN known.resolution_seconds END AS resolution_seconds,
    known.replies,
    known.reopens,
    known.resolved_at IS NOT NULL AS is_resolved,
    known.reopens > 0 AS is_reopened,
    -- Two replies are no single one, but a product that counts only one of both would have failures and no successes.
    CASE
        WHEN known.resolved_at IS NULL THEN FALSE
        WHEN known.replies IS NOT NULL AND known.reopens IS NOT NULL THEN known.replies = 1 AND known.reopens = 0
    END AS is_one_touch,
    -- Where a product tells only whether the promise was kept, it counts when the ticket was solved.
    coalesce(known.sla_due_at, CASE WHEN known.is_sla_met IS NOT NULL THEN known.resolved_at END) AS sla_due_at,
    CASE
        WHEN known.sla_due_at IS NULL AND known.resolved_at IS NOT NULL THEN known.is_sla_met
        WHEN known.resolved_at <= known.sla_due_at THEN TRUE
        WHEN known.sla_due_at < $as_of THEN FALSE
    END AS is_sla_met
FROM known
LEFT JOIN dim.map_identity AS by_number
    ON by_number.source = known.source AND by_number.kind = 'account' AND by_number.source_key = known.customer_key
LEFT JOIN dim.map_identity AS by_domain
    ON by_domain.source = known.source AND by_domain.kind = 'domain' AND by_domain.source_key = known.email_domain
LEFT JOIN dim.customer AS customer
    ON customer.customer_id = coalesce(by_number.customer_id, by_domain.customer_id)
WHERE NOT coalesce(customer.is_test, FALSE)
