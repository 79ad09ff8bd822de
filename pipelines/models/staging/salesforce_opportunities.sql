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
    is_won
FROM raw.salesforce_opportunities
WHERE NOT coalesce(is_deleted, FALSE) AND coalesce(is_active, TRUE)
