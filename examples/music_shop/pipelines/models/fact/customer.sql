-- One row per customer, by the day of the first purchase.
-- grain: customer_id
SELECT
    customer_id,
    min(purchased_on) AS first_purchased_on,
    count(*) AS purchases,
    count(DISTINCT purchased_on) AS purchase_days
FROM staging.purchases
GROUP BY customer_id
