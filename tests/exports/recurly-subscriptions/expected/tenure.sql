SELECT count(*) AS customers, count(*) - count(ended_at) AS active FROM fact.customer_tenure
