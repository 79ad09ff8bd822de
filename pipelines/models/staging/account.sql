-- One row per account record, of every product that feeds it.
-- grain: source, account_id
SELECT
    source,
    account_id,
    master_account_id,
    is_deleted,
    name,
    segment,
    region,
    industry,
    country,
    email_domain,
    customer_number,
    zendesk_organization_id,
    stripe_customer_id,
    is_test,
    created_at
FROM staging.salesforce_accounts
