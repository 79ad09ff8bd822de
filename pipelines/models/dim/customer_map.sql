-- One row per name that any system has for a customer.
-- grain: source, source_key
WITH RECURSIVE account AS (
    SELECT source, account_id, account_id AS customer_id, 0 AS merges
    FROM staging.account
    WHERE master_account_id IS NULL AND NOT is_deleted AND created_at < $as_of
    UNION ALL
    SELECT merged.source, merged.account_id, account.customer_id, account.merges + 1
    FROM staging.account AS merged
    JOIN account ON merged.source = account.source AND merged.master_account_id = account.account_id
    WHERE account.merges < 20
),
claim AS (
    SELECT
        source,
        account_id AS source_key,
        customer_id,
        CASE WHEN merges = 0 THEN 'itself' ELSE 'merged record' END AS method
    FROM account
    UNION ALL
    SELECT 'zendesk', record.zendesk_organization_id, account.customer_id, 'field of the account'
    FROM account JOIN staging.account AS record ON record.source = account.source AND record.account_id = account.account_id
    UNION ALL
    SELECT 'stripe', record.stripe_customer_id, account.customer_id, 'field of the account'
    FROM account JOIN staging.account AS record ON record.source = account.source AND record.account_id = account.account_id
    UNION ALL
    SELECT 'qualtrics', record.customer_number, account.customer_id, 'field of the account'
    FROM account JOIN staging.account AS record ON record.source = account.source AND record.account_id = account.account_id
    UNION ALL
    SELECT 'domain', record.email_domain, account.customer_id, 'e-mail domain'
    FROM account JOIN staging.account AS record ON record.source = account.source AND record.account_id = account.account_id
)
SELECT
    source,
    source_key,
    CASE WHEN count(DISTINCT customer_id) = 1 THEN min(customer_id) END AS customer_id,
    min(method) AS method,
    count(DISTINCT customer_id) AS claimants
FROM claim
WHERE source_key IS NOT NULL
GROUP BY source, source_key
