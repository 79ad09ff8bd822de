-- One row per account with a ticket in the 28 days before the day of the run.
-- grain: account_id
SELECT
    account_id,
    max(segment) AS segment,
    $as_of - INTERVAL '1 second' AS day,
    count(*) AS tickets,
    count(*) FILTER (WHERE is_slow) AS slow
FROM fact.ticket
WHERE opened_at < $as_of AND opened_at >= $as_of - INTERVAL '28 days' AND account_id IS NOT NULL
GROUP BY account_id
