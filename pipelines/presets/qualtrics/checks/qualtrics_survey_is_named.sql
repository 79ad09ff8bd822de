-- Ids of questions are those of one survey: of several, `map` of `survey` in
-- pipelines/sources/qualtrics_loader_responses.toml says which is the relationship survey.
SELECT survey, count(*) AS responses
FROM raw.qualtrics_loader_responses
WHERE (SELECT count(DISTINCT survey) FROM raw.qualtrics_loader_responses) > 1
    AND (SELECT count(*) FROM raw.qualtrics_loader_responses WHERE survey = 'relationship') = 0
GROUP BY survey
