-- One row per stretch in which a field of an incident had one value: its beginning is the event.
-- grain: source, event_id
WITH stretch AS (
    SELECT
        incident,
        definition,
        CASE
            WHEN lower(field) IN ('incident_state', 'incident state', 'state') THEN 'status'
            WHEN lower(field) IN ('assignment_group', 'assignment group') THEN 'team'
            WHEN lower(field) IN ('assigned_to', 'assigned to') THEN 'assignee'
            WHEN lower(field) = 'priority' THEN 'priority'
            -- Where the list does not show the field, the name of the metric says it: Incident State Duration.
            WHEN field IS NULL AND lower(definition) LIKE '%state duration%' THEN 'status'
            WHEN field IS NULL AND lower(definition) LIKE '%group%duration%' THEN 'team'
            WHEN field IS NULL AND lower(definition) LIKE '%assigned to duration%' THEN 'assignee'
            WHEN field IS NULL AND lower(definition) LIKE '%priority duration%' THEN 'priority'
        END AS field,
        value,
        from_at
    FROM raw.servicenow_incident_metrics
)
SELECT
    'servicenow' AS source,
    concat(incident, ' ', definition, ' ', from_at) AS event_id,
    incident AS ticket_id,
    from_at AS happened_at,
    -- A field has one value at a moment here; which of two fields was first does not matter.
    CAST(0 AS BIGINT) AS sequence,
    field,
    CASE
        WHEN field IN ('status', 'priority') THEN lower(trim(value))
        WHEN field = 'team' THEN trim(value)
        WHEN field = 'assignee' THEN md5(value)
    END AS value,
    CAST(NULL AS VARCHAR) AS actor
FROM stretch
WHERE field IS NOT NULL
