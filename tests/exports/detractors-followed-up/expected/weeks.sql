SELECT period, CAST(numerator AS BIGINT) AS followed_up, CAST(denominator AS BIGINT) AS of_all
FROM kpi.value
WHERE metric = 'detractors_followed_up' AND grain = 'week' AND dimension = '' AND period IN ('2026-W44', '2026-W45', '2026-W47')
