SELECT count(*) AS cases, count(solved_at) AS closed, count(customer_key) AS with_account FROM staging.ticket
