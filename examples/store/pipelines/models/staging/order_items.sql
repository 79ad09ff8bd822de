-- One row per item of an order.
-- grain: order_id, item_number
SELECT
    trim(order_id) AS order_id,
    item_number,
    trim(product_id) AS product_id,
    trim(seller_id) AS seller_id,
    price,
    freight
FROM raw.order_items
