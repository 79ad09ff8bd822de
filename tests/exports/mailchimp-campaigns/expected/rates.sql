SELECT metric, numerator, denominator, round(value * 100, 2) AS percent FROM kpi.value WHERE grain = 'month' AND period = '2026-11' AND dimension = '' ORDER BY metric
