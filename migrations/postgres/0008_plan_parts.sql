-- What later plans read of a plan, packed and cut by the time it begins in: who looks back reads no more than a plan was in
-- force for. Plans stored before have their documents alone.
create table plan_parts (
    plan text not null references plans (id) on delete cascade,
    start_s bigint not null,
    content bytea not null,
    primary key (plan, start_s)
);

-- The change from which on a piece of work is what it is: an id that was cancelled may be given again, and what plans made
-- before had for it was another's.
alter table work add column born_seq bigint not null default 0;

-- The day a piece is released, as its content has it: of what is done, only the last weeks' is read.
alter table work add column release_day text not null default '';
update work set release_day = substr(content, position('"release":"' in content) + 11, 10);
create index work_done on work (state, release_day);
