-- Files are stored as they came here: nothing to do.
select 1;
