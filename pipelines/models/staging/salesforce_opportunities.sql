-- One row per opportunity.
-- grain: opportunity_id
SELECT
    opportunity_id,
    account_id,
    trim(kind) AS kind,
    stage,
    amount,
    created_at,
    close_on,
    is_closed,
    is_won
FROM raw.salesforce_opportunities
WHERE NOT is_deleted
