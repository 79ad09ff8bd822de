-- One row per case.
-- grain: source, ticket_id
WITH support_case AS (
    SELECT
        case_id,
        account_id,
        email_domain,
        team,
        origin,
        priority,
        reason,
        CASE WHEN is_closed THEN 'closed' ELSE status END AS status,
        master_case_id,
        is_deleted,
        opened_at,
        CASE WHEN is_closed THEN closed_at END AS solved_at,
        modified_at
    FROM raw.salesforce_cases
    WHERE coalesce(is_active, TRUE)
)
SELECT
    'salesforce' AS source,
    case_id AS ticket_id,
    account_id AS customer_key,
    email_domain,
    trim(team) AS team,
    lower(trim(origin)) AS channel,
    priority,
    lower(trim(reason)) AS category,
    lower(status) AS status,
    master_case_id IS NOT NULL AS is_merged,
    -- A case that was merged is in the bin, too.
    coalesce(is_deleted, FALSE) AND master_case_id IS NULL AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    opened_at,
    -- Replies are e-mail messages, an object of their own.
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
    modified_at AS updated_at,
    CAST(NULL AS BIGINT) AS requester_wait_seconds,
    CAST(NULL AS BIGINT) AS agent_wait_seconds,
    CAST(NULL AS BIGINT) AS on_hold_seconds,
    CAST(NULL AS BIGINT) AS assignments,
    CAST(NULL AS BIGINT) AS team_changes
FROM support_case
