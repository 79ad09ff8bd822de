-- One row per customer: the first order.
-- grain: customer_id
SELECT
    customer_id,
    region,
    order_id,
    ordered_at AS first_ordered_at,
    count(*) OVER (PARTITION BY customer_id) AS orders
FROM fact.order
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id) = 1
