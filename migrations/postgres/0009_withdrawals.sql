-- A withdrawal is a revision of its own, recorded under the file that it takes back. It names what it withdraws: a
-- revision, or a withdrawal, which it undoes.
alter table revisions add column withdraws bigint references revisions (id);
create index revisions_withdrawing on revisions (withdraws) where withdraws is not null;
-- Whether a file was taken in before is asked of every file.
create index revisions_by_file on revisions (file_id);

-- A row came in with its revision, or with its `origin` where it holds again: then it is a copy, and `revision` is the
-- withdrawal that brought it back. `withdrawn` stands in the row that came in, as long as a withdrawal holds.
alter table readings add column origin bigint references revisions (id);
alter table readings add column withdrawn bigint references revisions (id);
alter table invoices add column origin bigint references revisions (id);
alter table invoices add column withdrawn bigint references revisions (id);
alter table forecasts add column until_revision bigint references revisions (id);
alter table forecasts add column origin bigint references revisions (id);
alter table forecasts add column withdrawn bigint references revisions (id);

-- What a revision holds of each series, or withdraws of it: found without reading its rows.
create table revision_parts (
    revision bigint not null references revisions (id),
    series_id bigint not null references series (id),
    readings bigint not null,
    forecasts bigint not null,
    start_s bigint not null,
    end_s bigint not null,
    primary key (revision, series_id)
);
create index revision_parts_by_series on revision_parts (series_id);
insert into revision_parts (revision, series_id, readings, forecasts, start_s, end_s)
    select revision, series_id, cast(sum(readings) as bigint), cast(sum(forecasts) as bigint), min(start_s), max(end_s)
    from (
        select revision, series_id, count(*) as readings, 0 as forecasts, min(start_s) as start_s, max(end_s) as end_s
        from readings group by revision, series_id
        union all
        select revision, series_id, 0, count(*), min(start_s), max(end_s) from forecasts group by revision, series_id
    ) parts group by revision, series_id;
