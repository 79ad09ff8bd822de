-- Deals of a lead that the extract of leads does not have.
SELECT deal.lead_id
FROM staging.deals AS deal
LEFT JOIN staging.leads AS lead ON lead.lead_id = deal.lead_id
WHERE lead.lead_id IS NULL
