-- One row per team that any system names.
-- grain: team
WITH named AS (
    SELECT team, 1 AS is_support FROM staging.ticket
    UNION ALL
    SELECT team, 0 AS is_support FROM staging.survey_answer
    UNION ALL
    SELECT team, 0 AS is_support FROM staging.employee_answer
)
SELECT team, max(is_support) = 1 AS is_support
FROM named
WHERE team IS NOT NULL AND team <> ''
GROUP BY team
