-- One row per ticket opened before the day of the run.
SELECT ticket_id, team, opened_at, score
FROM staging.tickets
WHERE opened_at < $as_of
