-- One row per campaign that was sent, of the download that counts most.
-- grain: source, campaign_id
WITH download AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY campaign_id
            ORDER BY
                coalesce(opens, unique_opens, 0) + coalesce(clicks, unique_clicks, 0) + coalesce(unsubscribes, 0)
                + coalesce(complaints, 0) DESC,
                _file DESC,
                _line DESC
        ) AS place
    FROM raw.klaviyo_campaigns
    WHERE sent_at IS NOT NULL
),
campaign AS (
    SELECT *, coalesce(bounces, recipients - delivered) AS came_back
    FROM download
    WHERE place = 1
)
SELECT
    'klaviyo' AS source,
    campaign_id,
    trim(title) AS title,
    trim(audience) AS audience,
    sent_at,
    recipients,
    coalesce(delivered, recipients - came_back) AS delivered,
    came_back AS bounces,
    unique_opens,
    unique_clicks,
    unsubscribes,
    complaints
FROM campaign
