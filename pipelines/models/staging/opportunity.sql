-- One row per opportunity, of every product that feeds it.
-- grain: source, opportunity_id
SELECT
    source,
    opportunity_id,
    customer_key,
    kind,
    stage,
    amount,
    currency,
    created_at,
    close_on,
    is_closed,
    is_won,
    left_out
FROM staging.salesforce_opportunities
