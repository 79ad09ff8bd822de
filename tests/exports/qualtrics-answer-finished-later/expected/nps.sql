SELECT period, n, round(value, 2) AS value
FROM kpi.value
WHERE metric = 'nps' AND grain = 'week' AND dimension = '' AND period >= '2026-W46' AND statistic IN ('value', 'median')
    AND value IS NOT NULL
