-- One row per employee.
-- grain: employee_number
-- The extract has no dates: all is known on the day before the run.
SELECT
    employee_number,
    department,
    has_left,
    job_satisfaction,
    CAST($as_of AS DATE) - INTERVAL '1 day' AS known_on
FROM staging.employees
