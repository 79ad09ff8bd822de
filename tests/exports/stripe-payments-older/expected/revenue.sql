SELECT count(*) AS orders, sum(net) AS revenue FROM counted."order"
