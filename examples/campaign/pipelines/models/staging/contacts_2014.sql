-- One row per contact of the second publication.
-- grain: contact_id
SELECT
    'bank-additional-full-' || CAST(_line AS VARCHAR) AS contact_id,
    'bank-additional-full' AS publication,
    month,
    channel AS channel,
    former_outcome AS former_outcome,
    has_subscribed
FROM raw.contacts_2014
