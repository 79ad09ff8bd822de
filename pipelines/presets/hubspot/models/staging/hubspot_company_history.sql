-- One row per version of a company: what it was from when until when.
-- grain: source, account_id, valid_from
SELECT
    'hubspot' AS source,
    company_id AS account_id,
    trim(segment) AS segment,
    trim(region) AS region,
    coalesce(valid_from, created_at) AS valid_from,
    valid_to
FROM history.hubspot_companies
