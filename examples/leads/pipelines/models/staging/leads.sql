-- One row per lead.
-- grain: lead_id
SELECT
    trim(lead_id) AS lead_id,
    first_contact_at,
    coalesce(origin, '(missing)') AS origin
FROM raw.leads
