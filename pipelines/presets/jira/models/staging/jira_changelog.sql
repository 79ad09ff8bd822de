-- One row per change of an issue, and one for each issue as it was opened.
-- grain: source, event_id
WITH meaning AS (
    -- What Jira says of a status of any name, as long as an issue is in it.
    SELECT status AS word, max(status_category) AS status
    FROM raw.jira_changelog_issues
    WHERE status_category IN ('new', 'open', 'solved')
    GROUP BY status
),
first_change AS (
    SELECT issue_key, first_value(former_status ORDER BY happened_at, history_id) AS former_status
    FROM raw.jira_changelog
    WHERE status IS NOT NULL
    GROUP BY issue_key
),
event AS (
    -- An issue whose status never changed was opened with the one it has.
    SELECT
        concat(issue.issue_key, ' opened') AS event_id,
        issue.issue_key,
        issue.opened_at AS happened_at,
        CAST(0 AS BIGINT) AS sequence,
        'status' AS field,
        coalesce(first_change.former_status, issue.status) AS value,
        CAST(NULL AS VARCHAR) AS author_kind
    FROM raw.jira_changelog_issues AS issue
    LEFT JOIN first_change ON first_change.issue_key = issue.issue_key
    UNION ALL
    SELECT concat(history_id, ' status'), issue_key, happened_at, history_id, 'status', status, author_kind
    FROM raw.jira_changelog
    WHERE status IS NOT NULL
    UNION ALL
    SELECT concat(history_id, ' priority'), issue_key, happened_at, history_id, 'priority', priority, author_kind
    FROM raw.jira_changelog
    WHERE priority IS NOT NULL
    UNION ALL
    SELECT concat(history_id, ' assignee'), issue_key, happened_at, history_id, 'assignee', assignee, author_kind
    FROM raw.jira_changelog
    WHERE assignee_change IS NOT NULL
)
SELECT
    'jira' AS source,
    event.event_id,
    event.issue_key AS ticket_id,
    event.happened_at,
    event.sequence,
    event.field,
    CASE
        WHEN event.field <> 'status' OR event.value IN ('new', 'open', 'pending', 'on-hold', 'solved', 'closed') THEN event.value
        ELSE coalesce(meaning.status, lower(event.value))
    END AS value,
    CASE event.author_kind WHEN 'app' THEN 'system' WHEN 'customer' THEN 'customer' END AS actor
FROM event
LEFT JOIN meaning ON event.field = 'status' AND meaning.word = event.value
