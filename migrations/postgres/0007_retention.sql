-- Plans' documents gzipped; those of before stay text.
alter table plans add column packed bytea;

-- What is over is found by when it was, and removed.
create index plans_by_made on plans (made_s);
create index work_by_added on work (added_us);
create index work_reports_by_recorded on work_reports (recorded_us);
