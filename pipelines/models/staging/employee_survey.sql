-- One row per response.
-- grain: response_id
SELECT
    response_id,
    wave,
    trim(team) AS team,
    submitted_at AS answered_at,
    recommend,
    tools,
    workload,
    manager,
    service
FROM raw.employee_survey
