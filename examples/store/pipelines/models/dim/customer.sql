-- One row per person who has ordered.
-- grain: customer_id
SELECT
    customers.customer_id,
    customers.city,
    customers.region
FROM staging.customers AS customers
JOIN staging.orders AS orders ON orders.order_customer_id = customers.order_customer_id
WHERE orders.ordered_at < $as_of
-- People move: the address of the latest order is the customer's.
QUALIFY row_number() OVER (
    PARTITION BY customers.customer_id
    ORDER BY orders.ordered_at DESC, orders.order_id DESC
) = 1
