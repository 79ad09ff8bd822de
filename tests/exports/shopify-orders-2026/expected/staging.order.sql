SELECT order_id, status, is_paid, subtotal, refunded FROM staging."order"
