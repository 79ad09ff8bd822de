-- One row per answer of 0 to 6 to the question of the NPS, with the first reply of ours after it.
-- grain: source, response_id
WITH detractor AS (
    SELECT source, response_id, left_out, customer_id, segment, region, team, answered_at, score, is_complete
    FROM fact.survey_answer
    WHERE question = 'nps' AND score BETWEEN 0 AND 6
),
contact AS (
    SELECT customer_id, opened_at, first_replied_at AS replied_at
    FROM fact.ticket
    WHERE left_out IS NULL
    UNION ALL
    -- Of a ticket alone the first reply is known, of its events each one.
    SELECT ticket.customer_id, CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS opened_at, event.happened_at AS replied_at
    FROM staging.ticket_event AS event
    JOIN fact.ticket AS ticket ON ticket.source = event.source AND ticket.ticket_id = event.ticket_id
    WHERE ticket.left_out IS NULL AND event.field = 'reply' AND event.actor = 'agent' AND event.happened_at > ticket.opened_at
),
moment AS (
    SELECT source, opened_at AS told_at FROM staging.ticket
    UNION ALL
    SELECT source, updated_at AS told_at FROM staging.ticket
    UNION ALL
    SELECT source, happened_at AS told_at FROM staging.ticket_event
),
reach AS (
    -- Of several help desks the one that is furthest behind.
    SELECT min(told_until) AS told_until
    FROM (SELECT source, max(told_at) AS told_until FROM moment GROUP BY source) AS desk
),
followed AS (
    SELECT
        detractor.source,
        detractor.response_id,
        min(contact.opened_at) FILTER (WHERE contact.opened_at > detractor.answered_at) AS ticket_opened_at,
        min(contact.replied_at) FILTER (WHERE contact.replied_at > detractor.answered_at) AS replied_at
    FROM detractor
    JOIN contact ON contact.customer_id = detractor.customer_id
    GROUP BY detractor.source, detractor.response_id
)
SELECT
    detractor.source,
    detractor.response_id,
    detractor.left_out,
    detractor.customer_id,
    detractor.segment,
    detractor.region,
    detractor.team,
    detractor.answered_at,
    detractor.score,
    detractor.is_complete,
    followed.ticket_opened_at,
    followed.replied_at,
    to_unixtime(followed.replied_at) - to_unixtime(detractor.answered_at) AS reply_seconds,
    -- What no extract can tell yet is not known, rather than not done; and replies told early would count alone until then.
    CASE
        WHEN detractor.customer_id IS NOT NULL AND reach.told_until >= detractor.answered_at + INTERVAL '7 days'
        THEN coalesce(followed.replied_at < detractor.answered_at + INTERVAL '7 days', FALSE)
    END AS is_followed_up
FROM detractor
CROSS JOIN reach
LEFT JOIN followed ON followed.source = detractor.source AND followed.response_id = detractor.response_id
