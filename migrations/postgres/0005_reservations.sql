-- Reservations alone take room; who only asks takes none. A released one stays, so that a plan made with it can give its
-- room back. `seq` and `released_seq` come from one count: what a plan saw is what was made and not released by then.
create table reservations_new (
    seq bigint primary key,
    id text not null,
    site text not null,
    start_s bigint not null,
    end_s bigint not null,
    mw double precision not null check (mw > 0),
    pool text,
    gpus bigint,
    account text,
    made_us bigint not null,
    released_us bigint,
    released_seq bigint,
    check (end_s > start_s)
);
insert into reservations_new (seq, id, site, start_s, end_s, mw, made_us)
    select row_number() over (order by made_s, id), id, site, start_s, end_s, mw, made_s * 1000000
    from reservations where kind = 'reserved';
drop table reservations;
alter table reservations_new rename to reservations;
create unique index reservations_live on reservations (id) where released_seq is null;
create index reservations_by_end on reservations (end_s);

-- Which changes of work and which reservations a plan was made with.
alter table work add column seq bigint not null default 0;
create index work_by_seq on work (seq);
alter table plans add column work_seq bigint not null default 0;
alter table plans add column reservation_seq bigint not null default 0;
update plans set reservation_seq = (select coalesce(max(seq), 0) from reservations);
