-- One row per lead.
-- grain: lead_id
SELECT
    lead.lead_id,
    lead.first_contact_at,
    lead.origin,
    deal.won_at,
    to_unixtime(deal.won_at) - to_unixtime(lead.first_contact_at) AS seconds_to_win
FROM staging.leads AS lead
LEFT JOIN staging.deals AS deal ON deal.lead_id = lead.lead_id
