-- A customer has one tenure at a time, in parts that do not overlap, and each ends after it starts.
WITH next AS (
    SELECT
        customer_id,
        started_at,
        ended_at,
        lead(started_at) OVER (PARTITION BY customer_id ORDER BY started_at) AS next_started_at
    FROM fact.customer_tenure
)
SELECT customer_id, started_at, ended_at, next_started_at
FROM next
WHERE ended_at <= started_at
    OR next_started_at < ended_at
    OR (ended_at IS NULL AND next_started_at IS NOT NULL)
