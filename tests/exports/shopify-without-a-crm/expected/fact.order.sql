SELECT count(*) AS buyers, count(*) FILTER (WHERE days > 1) AS came_back
FROM (SELECT customer_id, count(DISTINCT local_date(ordered_at)) AS days FROM counted.order GROUP BY customer_id)
