SELECT order_id, net FROM counted."order"
