-- One row per change of a field of a ticket.
-- grain: source, event_id
WITH change AS (
    SELECT
        ticket_id,
        field_name,
        happened_at,
        CASE
            WHEN field_name IN ('status', 'priority') THEN field_name
            WHEN field_name = 'group_id' THEN 'team'
            WHEN field_name = 'assignee_id' THEN 'assignee'
        END AS field,
        value,
        user_id
    FROM raw.zendesk_ticket_field_history
)
SELECT
    'zendesk' AS source,
    concat(ticket_id, ' ', field_name, ' ', happened_at) AS event_id,
    ticket_id,
    happened_at,
    -- A field changes once at a moment here; which of two fields was first does not matter.
    CAST(0 AS BIGINT) AS sequence,
    field,
    CASE
        WHEN field = 'status' AND lower(value) = 'hold' THEN 'on-hold'
        WHEN field IN ('status', 'priority') THEN lower(value)
        WHEN field = 'team' THEN value
        WHEN field = 'assignee' THEN md5(value)
    END AS value,
    -- The number of a person does not tell an agent from a customer.
    CASE WHEN user_id = '-1' THEN 'system' END AS actor
FROM change
WHERE field IS NOT NULL
