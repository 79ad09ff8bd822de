-- One row per lead that became a seller.
-- grain: lead_id
SELECT
    trim(lead_id) AS lead_id,
    won_at,
    segment
FROM raw.deals
