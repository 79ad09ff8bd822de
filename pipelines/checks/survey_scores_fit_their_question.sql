-- The scale depends on the question: 0 to 10, 1 to 5, 1 to 7. Those of other names are never pooled with these.
SELECT source, response_id, question, score
FROM fact.survey_answer
WHERE (question = 'nps' AND score NOT BETWEEN 0 AND 10)
    OR (question = 'csat' AND score NOT BETWEEN 1 AND 5)
    OR (question = 'ces' AND score NOT BETWEEN 1 AND 7)
    OR (question IN ('ces5', 'stars', 'smileys') AND score NOT BETWEEN 1 AND 5)
    OR (question IN ('csat3', 'pmf') AND score NOT BETWEEN 1 AND 3)
    OR (question = 'thumbs' AND score NOT BETWEEN 0 AND 1)
