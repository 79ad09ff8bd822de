SELECT order_id, customer_key, email_domain, status, is_paid, ordered_at, subtotal, refunded, currency, left_out FROM staging."order"
