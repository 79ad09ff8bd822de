-- One row per contact of the first publication.
-- grain: contact_id
SELECT
    'bank-full-' || CAST(_line AS VARCHAR) AS contact_id,
    'bank-full' AS publication,
    month,
    coalesce(channel, '(unknown)') AS channel,
    coalesce(former_outcome, '(unknown)') AS former_outcome,
    has_subscribed
FROM raw.contacts_2012
