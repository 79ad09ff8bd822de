-- One row per ticket. Those that were merged into another linger beside it.
-- grain: source, ticket_id
WITH merged AS (
    SELECT DISTINCT trim(merged_id) AS ticket_id
    FROM (SELECT unnest(string_to_array(merged_ids, ';')) AS merged_id FROM raw.hubspot_tickets) AS listed
),
ticket AS (
    SELECT
        ticket_id,
        split_part(company_id, ';', 1) AS company_id,
        team,
        channel,
        priority,
        category,
        CASE WHEN lower(stage) LIKE 'closed%' THEN 'closed' ELSE stage END AS status,
        opened_at,
        first_replied_at,
        CASE WHEN lower(stage) LIKE 'closed%' THEN closed_at END AS solved_at,
        is_gone,
        modified_at
    FROM raw.hubspot_tickets
    WHERE coalesce(is_active, TRUE)
)
SELECT
    'hubspot' AS source,
    ticket.ticket_id,
    ticket.company_id AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    trim(ticket.team) AS team,
    lower(ticket.channel) AS channel,
    ticket.priority,
    lower(trim(ticket.category)) AS category,
    ticket.status,
    merged.ticket_id IS NOT NULL AS is_merged,
    ticket.is_gone AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    ticket.opened_at,
    ticket.first_replied_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    ticket.solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    CAST(date_part('epoch', ticket.first_replied_at) - date_part('epoch', ticket.opened_at) AS BIGINT) AS first_reply_seconds,
    CAST(date_part('epoch', ticket.solved_at) - date_part('epoch', ticket.opened_at) AS BIGINT) AS resolution_seconds,
    CAST(NULL AS BIGINT) AS replies,
    CAST(NULL AS BIGINT) AS reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    modified_at AS updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    CAST(NULL AS BIGINT) AS team_changes
FROM ticket
LEFT JOIN merged ON merged.ticket_id = ticket.ticket_id
