SELECT order_id, customer_key, email_domain, status, is_paid, ordered_at, subtotal, discount, tax, refunded, currency FROM staging."order"
