SELECT period, n, round(value, 2) AS value
FROM kpi.value
WHERE metric = 'full_resolution' AND grain = 'week' AND dimension = '' AND period >= '2026-W47' AND statistic IN ('value', 'median')
    AND value IS NOT NULL
