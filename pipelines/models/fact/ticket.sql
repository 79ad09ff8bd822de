-- One row per ticket.
-- grain: source, ticket_id
WITH ticket AS (
    -- What its events tell counts where they are whole and end in the state of the ticket; else what the product tells in totals.
    SELECT
        told.source,
        told.ticket_id,
        told.customer_key,
        told.email_domain,
        told.team,
        told.channel,
        told.priority,
        told.category,
        told.is_merged,
        told.is_deleted,
        told.is_spam,
        told.opened_at,
        coalesce(told.first_replied_at, log.first_replied_at) AS first_replied_at,
        CASE WHEN log.ticket_id IS NULL THEN told.first_solved_at ELSE log.first_solved_at END AS first_solved_at,
        CASE WHEN log.ticket_id IS NULL THEN told.solved_at ELSE log.solved_at END AS solved_at,
        told.sla_due_at,
        told.is_sla_met,
        coalesce(told.first_reply_seconds, to_unixtime(log.first_replied_at) - to_unixtime(told.opened_at)) AS first_reply_seconds,
        CASE
            WHEN log.ticket_id IS NULL THEN told.resolution_seconds
            ELSE to_unixtime(log.solved_at) - to_unixtime(told.opened_at)
        END AS resolution_seconds,
        coalesce(told.replies, log.replies) AS replies,
        CASE WHEN log.ticket_id IS NULL THEN told.reopens ELSE log.reopens END AS reopens,
        CASE WHEN log.ticket_id IS NULL THEN told.precision_seconds END AS precision_seconds,
        CASE WHEN log.ticket_id IS NULL THEN told.requester_wait_seconds ELSE log.requester_wait_seconds END AS requester_wait_seconds,
        CASE WHEN log.ticket_id IS NULL THEN told.agent_wait_seconds ELSE log.agent_wait_seconds END AS agent_wait_seconds,
        CASE WHEN log.ticket_id IS NULL THEN told.on_hold_seconds ELSE log.on_hold_seconds END AS on_hold_seconds,
        coalesce(log.assignments, told.assignments) AS assignments,
        coalesce(log.team_changes, told.team_changes) AS team_changes,
        log.ticket_id IS NOT NULL AS has_events
    FROM staging.ticket AS told
    LEFT JOIN staging.ticket_lifecycle AS log
        ON log.source = told.source AND log.ticket_id = told.ticket_id
            AND log.is_whole AND log.is_solved = coalesce(told.status IN ('solved', 'closed'), FALSE)
)
SELECT
    ticket.source,
    ticket.ticket_id,
    CASE
        WHEN ticket.is_deleted THEN 'deleted'
        WHEN ticket.is_merged THEN 'merged'
        WHEN ticket.is_spam THEN 'spam'
        WHEN customer.is_test THEN 'test account'
    END AS left_out,
    customer.customer_id,
    held.segment,
    held.region,
    ticket.team,
    ticket.channel,
    ticket.priority,
    ticket.category,
    ticket.opened_at,
    ticket.first_replied_at,
    -- Told in rounded minutes, the only solution of a ticket can be later than itself.
    CASE
        WHEN ticket.first_solved_at > ticket.solved_at
            AND date_part('epoch', ticket.first_solved_at) - date_part('epoch', ticket.solved_at) < ticket.precision_seconds
        THEN ticket.solved_at
        ELSE ticket.first_solved_at
    END AS first_solved_at,
    ticket.solved_at AS resolved_at,
    CASE WHEN ticket.first_replied_at IS NOT NULL THEN ticket.first_reply_seconds END AS first_reply_seconds,
    CASE WHEN ticket.solved_at IS NOT NULL THEN ticket.resolution_seconds END AS resolution_seconds,
    ticket.replies,
    ticket.reopens,
    ticket.solved_at IS NOT NULL AS is_resolved,
    ticket.reopens > 0 AS is_reopened,
    -- Two replies are no single one, but a product that counts only one of both would have failures and no successes.
    CASE
        WHEN ticket.solved_at IS NULL THEN FALSE
        WHEN ticket.replies IS NOT NULL AND ticket.reopens IS NOT NULL THEN ticket.replies = 1 AND ticket.reopens = 0
    END AS is_one_touch,
    -- Where a product tells only whether the promise was kept, it counts when the ticket was solved.
    coalesce(ticket.sla_due_at, CASE WHEN ticket.is_sla_met IS NOT NULL THEN ticket.solved_at END) AS sla_due_at,
    CASE
        WHEN ticket.sla_due_at IS NOT NULL THEN ticket.solved_at <= ticket.sla_due_at
        WHEN ticket.solved_at IS NOT NULL THEN ticket.is_sla_met
    END AS is_sla_met,
    ticket.requester_wait_seconds,
    ticket.agent_wait_seconds,
    ticket.on_hold_seconds,
    ticket.assignments,
    ticket.team_changes,
    ticket.has_events
FROM ticket
LEFT JOIN dim.map_identity AS by_number
    ON by_number.source = ticket.source AND by_number.kind = 'account' AND by_number.source_key = ticket.customer_key
LEFT JOIN dim.map_identity AS by_domain
    ON by_domain.source = ticket.source AND by_domain.kind = 'domain' AND by_domain.source_key = ticket.email_domain
LEFT JOIN dim.customer AS customer
    ON customer.customer_id = coalesce(by_number.customer_id, by_domain.customer_id)
LEFT JOIN dim.customer_history AS held
    ON held.customer_id = customer.customer_id
    AND (held.valid_from IS NULL OR held.valid_from <= ticket.opened_at)
    AND (held.valid_to IS NULL OR held.valid_to > ticket.opened_at)
