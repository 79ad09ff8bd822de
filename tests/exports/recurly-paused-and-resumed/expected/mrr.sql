SELECT day, sum(mrr) AS mrr
FROM (VALUES ('2026-02-28T23:00:00Z'), ('2026-04-30T22:00:00Z'), ('2026-05-10T22:00:00Z'), ('2026-05-31T22:00:00Z')) AS asked(day)
LEFT JOIN fact.subscription_period AS period
    ON left_out IS NULL AND started_at < CAST(day AS TIMESTAMP WITH TIME ZONE)
    AND (ended_at IS NULL OR ended_at >= CAST(day AS TIMESTAMP WITH TIME ZONE))
GROUP BY day
