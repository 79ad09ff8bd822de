-- One row per contact of the campaign, of both publications.
-- grain: contact_id
-- The files have no dates: all are known on the day before the run.
WITH contact AS (
    SELECT contact_id, publication, month, channel, former_outcome, has_subscribed FROM staging.contacts_2012
    UNION ALL
    SELECT contact_id, publication, month, channel, former_outcome, has_subscribed FROM staging.contacts_2014
)
SELECT
    contact_id,
    publication,
    month,
    channel,
    former_outcome,
    has_subscribed,
    CAST($as_of AS DATE) - INTERVAL '1 day' AS known_on
FROM contact
