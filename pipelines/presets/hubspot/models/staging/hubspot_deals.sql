-- One row per deal. Those that were merged into another linger beside it and are left out.
-- grain: source, opportunity_id
WITH merged AS (
    SELECT DISTINCT trim(merged_id) AS deal_id
    FROM (SELECT unnest(string_to_array(merged_ids, ';')) AS merged_id FROM raw.hubspot_deals) AS listed
)
SELECT
    'hubspot' AS source,
    deal.deal_id AS opportunity_id,
    deal.company_id AS customer_key,
    deal.kind,
    deal.stage,
    deal.amount,
    upper(deal.currency) AS currency,
    deal.created_at,
    CAST(deal.closed_at AS DATE) AS close_on,
    deal.stage IN ('closedwon', 'closedlost') AS is_closed,
    deal.stage = 'closedwon' AS is_won
FROM raw.hubspot_deals AS deal
LEFT JOIN merged ON merged.deal_id = deal.deal_id
WHERE merged.deal_id IS NULL
