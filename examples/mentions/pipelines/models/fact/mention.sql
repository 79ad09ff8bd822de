-- One row per label of a tweet.
-- grain: label_id
SELECT
    label_id,
    tweet_id,
    sentiment,
    reason,
    airline,
    written_at,
    -- By intention the day of UTC: `check` asks for `local_date` here.
    CAST(written_at AS DATE) AS written_on_in_utc
FROM staging.tweets
