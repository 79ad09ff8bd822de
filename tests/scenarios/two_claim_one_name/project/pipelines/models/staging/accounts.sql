-- One row per account.
SELECT account_id, merged_into_id, phone_number, lower(domain) AS domain FROM raw.accounts
