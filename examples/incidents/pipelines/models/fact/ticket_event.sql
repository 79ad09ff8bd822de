-- One row per event that had happened by the as-of day.
-- grain: extract_file, extract_line
SELECT
    extract_file,
    extract_line,
    ticket_id,
    change_number,
    changed_at,
    state,
    customer_id,
    team,
    channel,
    priority,
    category,
    reassignments,
    reopens,
    is_sla_met,
    opened_at,
    -- The log knows the future: an early event already carries the final times.
    CASE WHEN resolved_at < $as_of THEN resolved_at END AS resolved_at,
    CASE WHEN closed_at < $as_of THEN closed_at END AS closed_at
FROM staging.incident_event_log
WHERE changed_at < $as_of
