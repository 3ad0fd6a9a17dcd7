-- Sources that are followed, by the name that the portfolio gives them. What they are asked is written down with them: of
-- a source that asks something else, nothing is had. Whoever is at one holds it for a while, by wall time.
create table feeds (
    name text primary key,
    asks text not null,
    tried_s bigint,
    done_s bigint,
    next_s bigint not null,
    failures bigint not null,
    error text,
    note text,
    holder text,
    until_us bigint not null
);

-- Periods that a source was asked for and has answered, with data or without, and when it last was.
create table feed_ranges (
    feed text not null,
    start_s bigint not null,
    end_s bigint not null,
    asked_s bigint not null,
    primary key (feed, start_s)
);

-- What answers were marked with, so that one that did not change need not be sent again.
create table feed_marks (
    feed text not null,
    request text not null,
    etag text,
    modified text,
    primary key (feed, request)
);
