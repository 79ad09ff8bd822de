SELECT count(*) AS subscriptions, count(ended_at) AS ended, max(ended_at) AS ended_at, count(plan) AS with_plan, count(unit_amount) AS with_price FROM staging.subscription
