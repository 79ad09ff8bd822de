-- One row per answer.
-- grain: source, response_id, item
WITH response AS (
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
),
answer AS (
    SELECT response_id, 'enps' AS item, wave, team, answered_at, recommend AS score FROM response
    UNION ALL
    SELECT response_id, 'tools' AS item, wave, team, answered_at, tools AS score FROM response
    UNION ALL
    SELECT response_id, 'workload' AS item, wave, team, answered_at, workload AS score FROM response
    UNION ALL
    SELECT response_id, 'manager' AS item, wave, team, answered_at, manager AS score FROM response
    UNION ALL
    SELECT response_id, 'service' AS item, wave, team, answered_at, service AS score FROM response
)
SELECT 'employee_survey' AS source, response_id, item, wave, team, answered_at, score
FROM answer
WHERE score IS NOT NULL
