-- One row per issue.
-- grain: source, ticket_id
WITH issue AS (
    SELECT
        issue_key,
        organization,
        project,
        priority,
        request_type,
        -- An export of the current fields has no category: what has a resolution is done.
        CASE
            WHEN coalesce(status_category = 'Done', resolution IS NOT NULL) THEN 'solved'
            WHEN lower(status) IN ('waiting for customer', 'pending', 'esperando por el cliente') THEN 'pending'
            WHEN status_category = 'To Do' OR (status_category IS NULL AND lower(status) IN ('to do', 'tareas por hacer')) THEN 'new'
            ELSE 'open'
        END AS status,
        opened_at,
        first_replied_at,
        CASE
            WHEN coalesce(status_category = 'Done', resolution IS NOT NULL) THEN coalesce(resolved_at, category_changed_at)
        END AS solved_at,
        resolution_left_seconds,
        updated_at
    FROM raw.jira_issues
)
SELECT
    'jira' AS source,
    issue_key AS ticket_id,
    organization AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    project AS team,
    CAST(NULL AS VARCHAR) AS channel,
    priority,
    request_type AS category,
    status,
    -- A duplicate was reported by somebody else: it is a ticket of its own.
    CAST(NULL AS BOOLEAN) AS is_merged,
    CAST(NULL AS BOOLEAN) AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    opened_at,
    first_replied_at,
    -- Of several solutions the last one is exported.
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    solved_at,
    -- Time left is counted in working hours: the moment it runs out is not told.
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    -- What is still open may yet be late; once it is, it stays so.
    CASE
        WHEN resolution_left_seconds < 0 THEN FALSE
        WHEN status = 'solved' THEN resolution_left_seconds >= 0
    END AS is_sla_met,
    CAST(date_part('epoch', first_replied_at) - date_part('epoch', opened_at) AS BIGINT) AS first_reply_seconds,
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
