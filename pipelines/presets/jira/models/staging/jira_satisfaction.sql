-- One row per issue that its reporter has rated, one to five stars.
-- grain: source, response_id, question
SELECT
    'jira' AS source,
    issue_key AS response_id,
    'csat' AS question,
    'support' AS touchpoint,
    CAST(NULL AS VARCHAR) AS aspect,
    organization AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    reporter_id AS respondent,
    issue_key AS ticket_id,
    project AS team,
    -- Without its own date a rating is as old as the solution it is about.
    coalesce(satisfied_at, resolved_at, updated_at) AS answered_at,
    CAST(satisfaction AS BIGINT) AS score,
    TRUE AS is_complete,
    CAST(NULL AS VARCHAR) AS comment,
    CAST(NULL AS VARCHAR) AS left_out
FROM raw.jira_issues
WHERE satisfaction IN ('1', '2', '3', '4', '5')
