SELECT period, CAST(numerator AS BIGINT) AS one_touch, CAST(denominator AS BIGINT) AS of_all
FROM kpi.value
WHERE metric = 'one_touch' AND grain = 'week' AND dimension = '' AND period = '2026-W47' AND statistic = 'value'
