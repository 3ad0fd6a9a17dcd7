-- Received files, as they came.
create table files (
    id bigint primary key,
    sha256 text not null unique,
    name text not null,
    bytes bigint not null
);
create table file_chunks (
    file_id bigint not null references files (id),
    seq bigint not null,
    data bytea not null,
    primary key (file_id, seq)
);

-- One file, one commit, one revision; record times strictly increase.
create table revisions (
    id bigint primary key,
    recorded_us bigint not null unique,
    file_id bigint not null references files (id),
    source text not null,
    delay_s bigint not null
);

create table series (
    id bigint primary key,
    name text not null unique
);

-- Bitemporal: a row holds from `revision` until `until_revision`. Values are in base units.
create table readings (
    series_id bigint not null references series (id),
    start_s bigint not null,
    end_s bigint not null,
    value bigint not null,
    quality bigint not null,
    revision bigint not null references revisions (id),
    row_no bigint not null,
    until_revision bigint references revisions (id),
    primary key (series_id, start_s, revision),
    check (end_s > start_s)
);

create table forecasts (
    series_id bigint not null references series (id),
    start_s bigint not null,
    issued_s bigint not null,
    quantile_ppm bigint not null,
    revision bigint not null references revisions (id),
    end_s bigint not null,
    value bigint not null,
    row_no bigint not null,
    primary key (series_id, start_s, issued_s, quantile_ppm, revision),
    check (end_s > start_s)
);

create table work (
    id text primary key,
    content text not null,
    state text not null,
    added_us bigint not null
);

create table plans (
    seq bigint primary key,
    id text not null unique,
    made_s bigint not null,
    start_s bigint not null,
    end_s bigint not null,
    status text not null,
    input_sha256 text not null,
    document text not null
);

-- Megawatts of IT power taken out of a plan's headroom: held for a while, or reserved.
create table reservations (
    id text primary key,
    kind text not null check (kind in ('held', 'reserved')),
    site text not null,
    start_s bigint not null,
    end_s bigint not null,
    mw double precision not null check (mw > 0),
    made_s bigint not null,
    expires_s bigint not null,
    check (end_s > start_s)
);
create index reservations_by_end on reservations (end_s);
