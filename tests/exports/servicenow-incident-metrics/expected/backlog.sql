SELECT period, segment, CAST(numerator AS BIGINT) AS open FROM kpi.value
WHERE metric = 'backlog' AND grain = 'week' AND period = '2026-W47' AND dimension = 'team'
