-- Who recorded a file and why, where stated.
alter table revisions add column actor text;
alter table revisions add column reason text;

-- Suppliers' bills. Bitemporal as readings are: a row holds from `revision` until `until_revision`.
create table invoices (
    invoice text not null,
    site text not null,
    start_s bigint not null,
    end_s bigint not null,
    wh bigint not null,
    revision bigint not null references revisions (id),
    row_no bigint not null,
    until_revision bigint references revisions (id),
    primary key (invoice, site, revision),
    check (end_s > start_s),
    check (wh >= 0)
);

-- The certificate register as it stands.
create table certificates (
    id text primary key,
    issuance text not null,
    device text not null,
    registry text not null,
    technology text not null,
    start_s bigint not null,
    end_s bigint not null,
    first_wh bigint not null,
    last_wh bigint not null,
    status text not null check (status in ('issued', 'cancelled', 'expired', 'withdrawn')),
    owner text not null,
    beneficiary text,
    contract text,
    since_s bigint not null,
    expires_s bigint,
    check (end_s > start_s),
    check (first_wh >= 1),
    check (last_wh >= first_wh)
);
create unique index certificates_by_range on certificates (issuance, first_wh);

-- One claim per Wh. Stored ranges never overlap, so the last one that starts in time is the only one that can reach in.
-- The lock is the one every writer of the store takes, so that two transactions cannot each miss the other's row.
create function certificates_one_claim() returns trigger language plpgsql as $$
declare
    reaches bigint;
begin
    perform pg_advisory_xact_lock(114818995741544);
    select last_wh into reaches from certificates
    where issuance = new.issuance and first_wh <= new.last_wh
    order by first_wh desc limit 1;
    if reaches >= new.first_wh then
        raise exception 'certificate ranges overlap: some of these Wh stand in the register already';
    end if;
    return new;
end $$;
create trigger certificates_one_claim before insert on certificates
for each row execute function certificates_one_claim();

create function certificates_only_withdrawn() returns trigger language plpgsql as $$
begin
    if (new.id, new.issuance, new.device, new.registry, new.technology,
        new.start_s, new.end_s, new.first_wh, new.last_wh, new.expires_s)
        is distinct from (old.id, old.issuance, old.device, old.registry, old.technology,
        old.start_s, old.end_s, old.first_wh, old.last_wh, old.expires_s) then
        raise exception 'what a certificate was issued for does not change';
    end if;
    if old.status <> 'issued' and (old.status = 'withdrawn' or new.status <> 'withdrawn'
        or (new.owner, new.beneficiary, new.contract) is distinct from (old.owner, old.beneficiary, old.contract)) then
        raise exception 'a certificate that was cancelled, has expired or was withdrawn can only be withdrawn';
    end if;
    return new;
end $$;
create trigger certificates_only_withdrawn before update on certificates
for each row execute function certificates_only_withdrawn();

create function certificates_stay() returns trigger language plpgsql as $$
begin
    if old.status <> 'issued' then
        raise exception 'a certificate that was cancelled, has expired or was withdrawn stays in the register';
    end if;
    return old;
end $$;
create trigger certificates_stay before delete on certificates
for each row execute function certificates_stay();

-- What happened to the register. Record times strictly increase; nothing is ever changed or taken out.
create table certificate_events (
    seq bigint primary key,
    recorded_us bigint not null unique,
    kind text not null check (kind in ('issue', 'split', 'transfer', 'cancel', 'expire', 'withdraw')),
    actor text not null,
    reason text
);
-- What an event did to each bundle: its content afterwards as JSON, none where a split took its place.
create table certificate_changes (
    event bigint not null references certificate_events (seq),
    no bigint not null,
    certificate text not null,
    content text,
    primary key (event, no)
);
create index certificate_changes_by_certificate on certificate_changes (certificate, event);

create function certificate_events_rise() returns trigger language plpgsql as $$
begin
    if exists (select 1 from certificate_events where seq >= new.seq or recorded_us >= new.recorded_us) then
        raise exception 'record times of the certificate register strictly increase';
    end if;
    return new;
end $$;
create trigger certificate_events_rise before insert on certificate_events
for each row execute function certificate_events_rise();

create function certificate_history_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the history of the certificate register is only added to';
end $$;
create trigger certificate_events_stay before update or delete or truncate on certificate_events
for each statement execute function certificate_history_stays();
create trigger certificate_changes_stay before update or delete or truncate on certificate_changes
for each statement execute function certificate_history_stays();

-- Reports that were settled: what they were computed from, and what they replace.
create table settlements (
    id bigint primary key,
    start_s bigint not null,
    end_s bigint not null,
    version bigint not null,
    ruleset text not null,
    portfolio_sha256 text not null,
    revision bigint not null,
    certificates_us bigint not null,
    root text,
    replaces text,
    reason text,
    actor text,
    recorded_us bigint not null,
    manifest bytea,
    intervals bytea,
    results bytea,
    inputs_sha256 text not null,
    unique (start_s, end_s, version),
    check (end_s > start_s)
);
-- Names behind the numbers of a ledger; kind 0 is a site, 1 an instrument, 2 a storage.
create table ledger_names (
    settlement_id bigint not null references settlements (id),
    kind bigint not null,
    no bigint not null,
    name text not null,
    primary key (settlement_id, kind, no)
);
-- Allocated Wh; a reversal is negative.
create table ledger (
    settlement_id bigint not null references settlements (id),
    start_s bigint not null,
    site bigint not null,
    instrument bigint not null,
    ledger bigint not null,
    wh bigint not null,
    primary key (settlement_id, start_s, ledger, site, instrument)
);
