SELECT ticket_id, first_solved_at = resolved_at AS is_one_moment, resolution_seconds FROM counted.ticket WHERE is_resolved
