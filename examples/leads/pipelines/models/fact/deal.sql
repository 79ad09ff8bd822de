-- One row per deal.
-- grain: lead_id
SELECT
    deal.lead_id,
    deal.won_at,
    deal.segment,
    lead.origin,
    to_unixtime(deal.won_at) - to_unixtime(lead.first_contact_at) AS seconds_to_win
FROM staging.deals AS deal
LEFT JOIN staging.leads AS lead ON lead.lead_id = deal.lead_id
