-- One row per change of a ticket or reply to it, of every product that feeds it; none where no product does.
-- grain: source, event_id
SELECT
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS VARCHAR) AS event_id,
    CAST(NULL AS VARCHAR) AS ticket_id,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS happened_at,
    CAST(NULL AS BIGINT) AS sequence,
    CAST(NULL AS VARCHAR) AS field,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS actor
WHERE FALSE
