-- One row per label of a tweet.
-- grain: label_id
SELECT
    _line AS label_id,
    tweet_id,
    sentiment,
    reason,
    trim(airline) AS airline,
    written_at,
    text
FROM raw.tweets
