-- One row per issue.
-- grain: source, ticket_id
WITH issue AS (
    SELECT
        issue_key,
        project,
        priority,
        issue_type,
        CASE
            WHEN status_category = 'Done' THEN 'solved'
            WHEN lower(status) IN ('waiting for customer', 'pending') THEN 'pending'
            WHEN status_category = 'To Do' THEN 'new'
            ELSE 'open'
        END AS status,
        opened_at,
        CASE WHEN status_category = 'Done' THEN resolved_at END AS solved_at,
        updated_at
    FROM raw.jira_data_pipeline_issues
)
SELECT
    'jira' AS source,
    issue_key AS ticket_id,
    CAST(NULL AS VARCHAR) AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    project AS team,
    CAST(NULL AS VARCHAR) AS channel,
    priority,
    issue_type AS category,
    status,
    CAST(NULL AS BOOLEAN) AS is_merged,
    CAST(NULL AS BOOLEAN) AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    opened_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_replied_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    CAST(NULL AS BIGINT) AS first_reply_seconds,
    CAST(date_part('epoch', solved_at) - date_part('epoch', opened_at) AS BIGINT) AS resolution_seconds,
    CAST(NULL AS BIGINT) AS replies,
    CAST(NULL AS BIGINT) AS reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    CAST(NULL AS BIGINT) AS team_changes
FROM issue
