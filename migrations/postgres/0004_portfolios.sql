-- Portfolio texts as commands found them, without what belongs to one process. Record times strictly increase.
create table portfolios (
    seq bigint primary key,
    recorded_us bigint not null unique,
    sha256 text not null,
    actor text,
    content text not null
);
