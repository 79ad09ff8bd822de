-- One row per opportunity.
-- grain: source, opportunity_id
SELECT
    deal.source,
    deal.opportunity_id,
    coalesce(deal.left_out, CASE WHEN customer.is_test THEN 'test account' END) AS left_out,
    customer.customer_id,
    held.segment,
    held.region,
    deal.kind,
    deal.stage,
    deal.amount,
    deal.created_at,
    deal.close_on,
    deal.is_closed,
    deal.is_closed AND deal.is_won AS is_won,
    local_date(deal.created_at) AS created_on,
    -- An open one has the day on which it is expected to be closed.
    CASE WHEN deal.is_closed THEN deal.close_on END AS decided_on
FROM staging.opportunity AS deal
LEFT JOIN dim.map_identity AS by_account
    ON by_account.source = deal.source AND by_account.kind = 'account' AND by_account.source_key = deal.customer_key
LEFT JOIN dim.customer AS customer ON customer.customer_id = by_account.customer_id
LEFT JOIN dim.customer_history AS held
    ON held.customer_id = customer.customer_id
    AND (held.valid_from IS NULL OR held.valid_from <= deal.created_at)
    AND (held.valid_to IS NULL OR held.valid_to > deal.created_at)
