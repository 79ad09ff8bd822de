SELECT period, n, round(value, 1) AS value FROM kpi.value
WHERE metric = 'nps' AND grain = 'week' AND dimension = '' AND period = '2026-W46'
