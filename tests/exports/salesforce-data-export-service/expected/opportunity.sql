SELECT
    count(*) AS deals,
    count(*) FILTER (WHERE is_won) AS won,
    count(*) FILTER (WHERE is_closed AND NOT is_won) AS lost,
    count(customer_key) AS with_account,
    min(close_on) AS first_close
FROM staging.opportunity
