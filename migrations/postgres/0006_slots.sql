-- Planning times: of each site, and `*` for the plan that must cover now. The one owed is written down before it is
-- tried and taken out after success, so that none is lost with a process. Whoever is at it holds it for a while, by
-- wall time.
create table slots (
    name text primary key,
    due_s bigint,
    done_s bigint not null,
    tries bigint not null,
    again_us bigint not null,
    holder text,
    until_us bigint not null
);

-- What a list says of a plan, so that listing reads no documents.
create table plan_lines (
    plan text primary key references plans (id) on delete cascade,
    content text not null
);
