-- One row per conversation that a customer began or answered; messages of ours that nobody answered are none.
-- grain: source, ticket_id
SELECT
    'intercom' AS source,
    conversation_id AS ticket_id,
    external_id AS customer_key,
    email_domain,
    team_id AS team,
    lower(channel) AS channel,
    priority,
    CAST(NULL AS VARCHAR) AS category,
    state AS status,
    CAST(NULL AS BOOLEAN) AS is_merged,
    is_gone AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    created_at AS opened_at,
    first_admin_reply_at AS first_replied_at,
    first_close_at AS first_solved_at,
    CASE WHEN state = 'closed' THEN last_close_at END AS solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    CASE
        WHEN sla_status = 'hit' THEN TRUE
        WHEN sla_status = 'missed' THEN FALSE
    END AS is_sla_met,
    first_reply_seconds,
    resolution_seconds,
    -- Parts of a conversation are counted whoever wrote them.
    CAST(NULL AS BIGINT) AS replies,
    reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    CAST(NULL AS BIGINT) AS team_changes
FROM raw.intercom_conversations
WHERE coalesce(is_active, TRUE)
    AND (coalesce(delivered_as, 'customer_initiated') = 'customer_initiated' OR first_contact_reply_at IS NOT NULL)
