-- One row per response that counts: finished, no preview, no spam.
-- grain: response_id
SELECT
    response_id,
    external_reference AS customer_number,
    trim(support_team) AS team,
    recorded_at AS answered_at,
    nps,
    csat,
    ces,
    trim(comment) AS comment
FROM raw.qualtrics_relationship_survey
WHERE is_finished AND status IN ('IP Address', 'Imported', 'Offline')
