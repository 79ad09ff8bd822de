-- Items, payments and reviews of an order that is not there, and orders without a customer.
SELECT 'item' AS kind, items.order_id
FROM staging.order_items AS items
LEFT JOIN staging.orders AS orders ON orders.order_id = items.order_id
WHERE orders.order_id IS NULL
UNION ALL
SELECT 'payment' AS kind, payments.order_id
FROM staging.payments AS payments
LEFT JOIN staging.orders AS orders ON orders.order_id = payments.order_id
WHERE orders.order_id IS NULL
UNION ALL
SELECT 'review' AS kind, reviews.order_id
FROM staging.reviews AS reviews
LEFT JOIN staging.orders AS orders ON orders.order_id = reviews.order_id
WHERE orders.order_id IS NULL
UNION ALL
SELECT 'customer' AS kind, orders.order_id
FROM staging.orders AS orders
LEFT JOIN staging.customers AS customers ON customers.order_customer_id = orders.order_customer_id
WHERE customers.order_customer_id IS NULL
