-- Rows are not held against the tables that they name here: nothing to do.
select 1;
