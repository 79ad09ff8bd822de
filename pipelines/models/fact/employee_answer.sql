-- One row per answer of an employee.
-- grain: response_id, item
WITH response AS (
    SELECT response_id, wave, team, answered_at, recommend, tools, workload, manager, service
    FROM staging.employee_survey
    WHERE answered_at < $as_of
)
SELECT response_id, 'enps' AS item, team, wave, answered_at, recommend AS score FROM response WHERE recommend IS NOT NULL
UNION ALL
SELECT response_id, 'tools' AS item, team, wave, answered_at, tools AS score FROM response WHERE tools IS NOT NULL
UNION ALL
SELECT response_id, 'workload' AS item, team, wave, answered_at, workload AS score FROM response WHERE workload IS NOT NULL
UNION ALL
SELECT response_id, 'manager' AS item, team, wave, answered_at, manager AS score FROM response WHERE manager IS NOT NULL
UNION ALL
SELECT response_id, 'service' AS item, team, wave, answered_at, service AS score FROM response WHERE service IS NOT NULL
