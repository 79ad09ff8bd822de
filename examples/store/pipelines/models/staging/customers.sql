-- One row per customer row of an order.
-- grain: order_customer_id
SELECT
    trim(order_customer_id) AS order_customer_id,
    trim(customer_id) AS customer_id,
    trim(city) AS city,
    upper(trim(region)) AS region
FROM raw.customers
