-- One row per call.
SELECT call_id, number, lower(domain) AS domain, called_at FROM raw.calls
