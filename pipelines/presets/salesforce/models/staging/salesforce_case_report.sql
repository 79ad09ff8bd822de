-- One row per case.
-- grain: source, ticket_id
SELECT
    'salesforce' AS source,
    case_number AS ticket_id,
    -- The report names an account by its name alone.
    trim(account) AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    CAST(NULL AS VARCHAR) AS team,
    lower(trim(origin)) AS channel,
    priority,
    CAST(NULL AS VARCHAR) AS category,
    lower(status) AS status,
    CAST(NULL AS BOOLEAN) AS is_merged,
    CAST(NULL AS BOOLEAN) AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    opened_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_replied_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    closed_at AS solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    CAST(NULL AS BIGINT) AS first_reply_seconds,
    CASE WHEN closed_at IS NOT NULL THEN age_seconds END AS resolution_seconds,
    CAST(NULL AS BIGINT) AS replies,
    CAST(NULL AS BIGINT) AS reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    CAST(NULL AS BIGINT) AS team_changes
FROM raw.salesforce_case_report
