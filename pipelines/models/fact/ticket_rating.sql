-- One row per rating of a ticket.
-- grain: source, rating_id
WITH rated AS (
    SELECT
        source,
        rating_id,
        ticket_id,
        is_good,
        rated_at,
        lead(rated_at) OVER (PARTITION BY source, ticket_id ORDER BY rated_at, rating_id) AS rated_again_at
    FROM staging.ticket_rating
),
-- Who had the ticket when it was rated, where its events tell.
team_then AS (
    SELECT
        rated.source,
        rated.rating_id,
        change.team,
        row_number() OVER (PARTITION BY rated.source, rated.rating_id ORDER BY change.happened_at DESC) AS place
    FROM rated
    INNER JOIN staging.ticket_change AS change
        ON change.source = rated.source AND change.ticket_id = rated.ticket_id AND change.happened_at <= rated.rated_at
    WHERE change.team IS NOT NULL
)
SELECT
    rated.source,
    rated.rating_id,
    rated.ticket_id,
    CASE
        WHEN ticket.ticket_id IS NULL THEN 'ticket unknown'
        WHEN ticket.left_out IS NOT NULL THEN ticket.left_out
        WHEN rated.rated_again_at IS NOT NULL THEN 'rated again'
    END AS left_out,
    CASE WHEN ticket.ticket_id IS NOT NULL AND ticket.left_out IS NULL THEN rated.rated_again_at END AS left_out_at,
    ticket.customer_id,
    held.segment,
    held.region,
    coalesce(team_then.team, ticket.team) AS team,
    ticket.channel,
    ticket.priority,
    ticket.category,
    rated.rated_at,
    rated.is_good
FROM rated
LEFT JOIN fact.ticket AS ticket ON ticket.source = rated.source AND ticket.ticket_id = rated.ticket_id
LEFT JOIN team_then ON team_then.source = rated.source AND team_then.rating_id = rated.rating_id AND team_then.place = 1
LEFT JOIN dim.customer_history AS held
    ON held.customer_id = ticket.customer_id
    AND (held.valid_from IS NULL OR held.valid_from <= rated.rated_at)
    AND (held.valid_to IS NULL OR held.valid_to > rated.rated_at)
