SELECT source, ticket_id, left_out FROM fact.ticket WHERE left_out IS NOT NULL
