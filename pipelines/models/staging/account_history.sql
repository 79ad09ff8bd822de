-- One row per version of an account, of every product that feeds it.
-- grain: source, account_id, valid_from
SELECT
    source,
    account_id,
    segment,
    region,
    valid_from,
    valid_to
FROM staging.salesforce_account_history
