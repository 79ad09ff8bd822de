SELECT count(value) AS valued, count(null_reason) > 0 AS is_said FROM kpi.value WHERE metric = 'campaign_complaint_rate'
