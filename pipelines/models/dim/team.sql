-- One row per team that any system names.
-- grain: team
WITH named AS (
    SELECT team, 1 AS is_support FROM staging.zendesk_tickets
    UNION ALL
    SELECT team, 0 AS is_support FROM staging.qualtrics_relationship_survey
    UNION ALL
    SELECT team, 0 AS is_support FROM staging.employee_survey
)
SELECT team, max(is_support) = 1 AS is_support
FROM named
WHERE team IS NOT NULL AND team <> ''
GROUP BY team
