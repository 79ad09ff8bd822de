SELECT count(*) AS customers, count(*) FILTER (WHERE ended_at IS NULL OR ended_at >= '2026-11-30') AS active
FROM fact.customer_tenure WHERE started_at < '2026-11-30'
