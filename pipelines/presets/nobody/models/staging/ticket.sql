-- One row per ticket of the help desks: no chosen source has any.
-- grain: source, ticket_id
SELECT
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS VARCHAR) AS ticket_id,
    CAST(NULL AS VARCHAR) AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    CAST(NULL AS VARCHAR) AS team,
    CAST(NULL AS VARCHAR) AS channel,
    CAST(NULL AS VARCHAR) AS priority,
    CAST(NULL AS VARCHAR) AS category,
    CAST(NULL AS VARCHAR) AS status,
    CAST(NULL AS BOOLEAN) AS is_merged,
    CAST(NULL AS BOOLEAN) AS is_deleted,
    CAST(NULL AS BOOLEAN) AS is_spam,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS opened_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_replied_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS first_solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS solved_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS sla_due_at,
    CAST(NULL AS BOOLEAN) AS is_sla_met,
    CAST(NULL AS BIGINT) AS first_reply_seconds,
    CAST(NULL AS BIGINT) AS resolution_seconds,
    CAST(NULL AS BIGINT) AS replies,
    CAST(NULL AS BIGINT) AS reopens,
    CAST(NULL AS BIGINT) AS precision_seconds,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS updated_at
WHERE FALSE
