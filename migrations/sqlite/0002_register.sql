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
) without rowid;

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
create trigger certificates_one_claim before insert on certificates
when exists (select 1 from certificates where id = new.id)
    or exists (
        select 1 from (
            select last_wh from certificates
            where issuance = new.issuance and first_wh <= new.last_wh
            order by first_wh desc limit 1
        ) where last_wh >= new.first_wh
    )
begin
    select raise(abort, 'certificate ranges overlap: some of these Wh stand in the register already');
end;

create trigger certificates_same_energy
before update of id, issuance, device, registry, technology, start_s, end_s, first_wh, last_wh, expires_s
on certificates
begin
    select raise(abort, 'what a certificate was issued for does not change');
end;

create trigger certificates_used_once before update on certificates
when old.status <> 'issued' and (
    old.status = 'withdrawn' or new.status <> 'withdrawn'
    or new.owner <> old.owner or new.beneficiary is not old.beneficiary or new.contract is not old.contract
)
begin
    select raise(abort, 'a certificate that was cancelled, has expired or was withdrawn can only be withdrawn');
end;

create trigger certificates_stay before delete on certificates
when old.status <> 'issued'
begin
    select raise(abort, 'a certificate that was cancelled, has expired or was withdrawn stays in the register');
end;

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
) without rowid;
create index certificate_changes_by_certificate on certificate_changes (certificate, event);

create trigger certificate_events_rise before insert on certificate_events
when exists (select 1 from certificate_events where seq >= new.seq or recorded_us >= new.recorded_us)
begin
    select raise(abort, 'record times of the certificate register strictly increase');
end;
create trigger certificate_events_stay before update on certificate_events
begin
    select raise(abort, 'the history of the certificate register is only added to');
end;
create trigger certificate_events_last before delete on certificate_events
begin
    select raise(abort, 'the history of the certificate register is only added to');
end;
create trigger certificate_changes_stay before update on certificate_changes
begin
    select raise(abort, 'the history of the certificate register is only added to');
end;
create trigger certificate_changes_last before delete on certificate_changes
begin
    select raise(abort, 'the history of the certificate register is only added to');
end;

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
    manifest blob,
    intervals blob,
    results blob,
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
) without rowid;
-- Allocated Wh; a reversal is negative.
create table ledger (
    settlement_id bigint not null references settlements (id),
    start_s bigint not null,
    site bigint not null,
    instrument bigint not null,
    ledger bigint not null,
    wh bigint not null,
    primary key (settlement_id, start_s, ledger, site, instrument)
) without rowid;
