-- One row per event of the log.
-- grain: extract_file, extract_line
SELECT
    _file AS extract_file,
    _line AS extract_line,
    trim(ticket_id) AS ticket_id,
    change_number,
    changed_at,
    trim(state) AS state,
    trim(customer_id) AS customer_id,
    trim(team) AS team,
    trim(channel) AS channel,
    trim(priority) AS priority,
    trim(category) AS category,
    reassignments,
    reopens,
    is_sla_met,
    opened_at,
    resolved_at,
    closed_at
FROM raw.incident_event_log
