-- What schedulers last reported of each piece of work, and every report as it came.
alter table work add column done double precision;
alter table work add column last_checkpoint_s bigint;
alter table work add column site text;
alter table work add column since_s bigint;
alter table work add column reported_s bigint;

create table work_reports (
    seq bigint primary key,
    work text not null references work (id),
    at_s bigint not null,
    recorded_us bigint not null,
    content text not null
);
create index work_reports_by_work on work_reports (work, at_s);

-- What a plan was made of, for explaining it as it was made.
create table plan_problems (
    plan text primary key references plans (id) on delete cascade,
    content bytea not null
);
