-- One row per version of an account: what it was from when until when.
-- grain: source, account_id, valid_from
SELECT
    'salesforce' AS source,
    account_id,
    trim(segment) AS segment,
    trim(region) AS region,
    coalesce(valid_from, created_at) AS valid_from,
    valid_to
FROM history.salesforce_accounts
