-- One row per account record, merged ones included.
-- grain: source, account_id
SELECT
    'salesforce' AS source,
    account_id,
    master_account_id,
    coalesce(is_deleted, FALSE) AS is_deleted,
    trim(name) AS name,
    trim(segment) AS segment,
    trim(region) AS region,
    trim(industry) AS industry,
    trim(country) AS country,
    lower(trim(email_domain)) AS email_domain,
    customer_number,
    zendesk_organization_id,
    stripe_customer_id,
    coalesce(is_test, FALSE) AS is_test,
    created_at
FROM raw.salesforce_accounts
WHERE coalesce(is_active, TRUE)
