-- A reply follows the opening, a solution is not older than the ticket, the last solution not older than the first.
SELECT ticket_id, opened_at, first_replied_at, first_solved_at, resolved_at
FROM fact.ticket
WHERE left_out IS NULL
    AND (first_replied_at < opened_at OR first_solved_at < opened_at OR resolved_at < first_solved_at)
