SELECT count(*) AS responses, count(*) FILTER (WHERE is_finished) AS finished FROM raw.qualtrics_loader_responses
