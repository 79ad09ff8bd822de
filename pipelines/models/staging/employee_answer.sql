-- One row per answer of an employee, of every product that feeds it.
-- grain: source, response_id, item
SELECT
    source,
    response_id,
    item,
    wave,
    team,
    answered_at,
    score
FROM staging.employee_survey
