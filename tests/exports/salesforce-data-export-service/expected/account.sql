SELECT count(*) AS accounts, count(master_account_id) AS merged FROM staging.account
