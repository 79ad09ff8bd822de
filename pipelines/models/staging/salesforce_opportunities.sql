-- One row per opportunity.
-- grain: source, opportunity_id
SELECT
    'salesforce' AS source,
    opportunity_id,
    account_id AS customer_key,
    trim(kind) AS kind,
    stage,
    amount,
    currency,
    created_at,
    close_on,
    is_closed,
    is_won,
    CASE WHEN is_deleted THEN 'deleted' END AS left_out
FROM raw.salesforce_opportunities
WHERE coalesce(is_active, TRUE)
