SELECT count(*) AS orders, sum(net) AS revenue FROM fact."order"
