-- One row per customer: an account that was not merged into another.
-- grain: customer_id
SELECT
    account_id AS customer_id,
    name,
    segment,
    industry,
    region,
    country,
    created_at,
    is_test
FROM staging.account
WHERE master_account_id IS NULL AND NOT is_deleted
