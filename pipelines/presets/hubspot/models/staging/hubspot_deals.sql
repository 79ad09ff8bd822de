-- One row per deal. Those that were merged into another linger beside it: they are left out.
-- grain: source, opportunity_id
WITH merged AS (
    SELECT DISTINCT trim(merged_id) AS deal_id
    FROM (SELECT unnest(string_to_array(merged_ids, ';')) AS merged_id FROM raw.hubspot_deals) AS listed
)
SELECT
    'hubspot' AS source,
    deal.deal_id AS opportunity_id,
    split_part(deal.company_id, ';', 1) AS customer_key,
    deal.kind,
    deal.stage,
    deal.amount,
    upper(deal.currency) AS currency,
    deal.created_at,
    local_date(deal.closed_at) AS close_on,
    coalesce(deal.is_closed, deal.is_won OR deal.is_lost, deal.word IN ('closedwon', 'closedlost')) AS is_closed,
    coalesce(deal.is_won, CASE WHEN NOT deal.is_closed OR deal.is_lost THEN FALSE END, deal.word = 'closedwon') AS is_won,
    CASE WHEN deal.is_gone THEN 'deleted' WHEN merged.deal_id IS NOT NULL THEN 'merged' END AS left_out
FROM (
    -- A number is no word: it does not tell what its stage is.
    SELECT *, CASE WHEN NOT regexp_like(stage, '^[0-9]+$') THEN replace(lower(stage), ' ', '') END AS word
    FROM raw.hubspot_deals
) AS deal
LEFT JOIN merged ON merged.deal_id = deal.deal_id
WHERE coalesce(deal.is_active, TRUE)
