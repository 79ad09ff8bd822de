-- One row per change of a ticket or public comment.
-- grain: source, event_id
WITH event AS (
    SELECT
        event_id,
        ticket_id,
        happened_at,
        CASE
            WHEN kind = 'Comment' AND is_public THEN 'reply'
            WHEN kind NOT IN ('Create', 'Change') THEN NULL
            WHEN field_name IN ('status', 'priority') THEN field_name
            WHEN field_name = 'group_id' THEN 'team'
            WHEN field_name = 'assignee_id' THEN 'assignee'
        END AS field,
        value,
        author_id,
        channel,
        -- The one who asks is named when a ticket is created.
        first_value(CASE WHEN field_name = 'requester_id' THEN value END) IGNORE NULLS OVER (
            PARTITION BY ticket_id ORDER BY happened_at, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS requester_id
    FROM raw.zendesk_ticket_audits
)
SELECT
    'zendesk' AS source,
    CAST(event_id AS VARCHAR) AS event_id,
    ticket_id,
    happened_at,
    event_id AS sequence,
    field,
    CASE
        WHEN field = 'status' AND lower(value) = 'hold' THEN 'on-hold'
        WHEN field IN ('status', 'priority') THEN lower(value)
        WHEN field = 'team' THEN value
        WHEN field = 'assignee' THEN md5(value)
    END AS value,
    CASE
        WHEN author_id = '-1' OR channel = 'rule' THEN 'system'
        WHEN author_id = requester_id THEN 'customer'
        WHEN requester_id IS NOT NULL THEN 'agent'
    END AS actor
FROM event
WHERE field IS NOT NULL
