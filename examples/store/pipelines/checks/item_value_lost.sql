-- The sum of all items and the sum of all orders, when they differ.
WITH items AS (SELECT sum(price) AS price FROM fact.order_item),
orders AS (SELECT sum(net) AS net FROM fact.order)
SELECT items.price, orders.net
FROM items
CROSS JOIN orders
WHERE items.price <> orders.net
