-- One row per employee.
-- grain: employee_number
SELECT
    employee_number,
    trim(department) AS department,
    has_left,
    job_satisfaction
FROM raw.employees
