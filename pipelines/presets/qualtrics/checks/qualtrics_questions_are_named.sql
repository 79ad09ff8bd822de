-- Where there are answers, some are to the questions that `map` of `question` in pipelines/sources/qualtrics_loader_answers.toml
-- names nps, csat and ces.
SELECT question, count(*) AS answers
FROM raw.qualtrics_loader_answers
WHERE (SELECT count(*) FROM raw.qualtrics_loader_answers WHERE question IN ('nps', 'csat', 'ces')) = 0
GROUP BY question
