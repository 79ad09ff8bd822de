-- One row per item of an order.
-- grain: order_id, item_number
SELECT
    items.order_id,
    items.item_number,
    items.product_id,
    items.seller_id,
    orders.ordered_at,
    items.price,
    items.freight
FROM staging.order_items AS items
JOIN staging.orders AS orders ON orders.order_id = items.order_id
WHERE orders.ordered_at < $as_of
