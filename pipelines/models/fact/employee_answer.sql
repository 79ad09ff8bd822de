-- One row per answer of an employee.
-- grain: source, response_id, item
SELECT
    source,
    response_id,
    item,
    team,
    wave,
    answered_at,
    score
FROM staging.employee_answer
