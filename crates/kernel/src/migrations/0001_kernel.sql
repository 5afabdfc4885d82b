create table journal_head (
    district text not null, -- key; ever
    seq bigint not null, -- fact; ever
    hash bytea not null, -- fact; ever
    primary key (district)
); -- without rowid
create table journal (
    district text not null, -- key; ever
    seq bigint not null, -- key; ever
    id text not null, -- key; ever
    subject_kind text not null, -- key; ever
    subject_id text not null, -- key; ever
    version bigint not null, -- key; ever
    occurred_at bigint not null, -- fact; ever
    at bigint not null, -- fact; ever
    actor text not null, -- handle; ever
    act text not null, -- fact; ever
    data text not null, -- fact; ever
    prev bytea not null, -- fact; ever
    hash bytea not null, -- fact; ever
    primary key (district, seq)
);
create unique index journal_subject on journal (district, subject_kind, subject_id, version);
create table idempotency (
    district text not null, -- key; 400 days
    actor text not null, -- handle; 400 days
    key text not null, -- key; 400 days
    request bytea not null, -- fact; 400 days
    subject_kind text not null, -- key; 400 days
    subject_id text not null, -- key; 400 days
    version bigint not null, -- key; 400 days
    at bigint not null, -- fact; 400 days
    primary key (district, actor, key)
); -- without rowid
create index idempotency_age on idempotency (district, at);
create table person (
    district text not null, -- key; ever
    id text not null, -- key; ever
    wrapped_key bytea, -- secret; until erased
    created_at bigint not null, -- fact; ever
    erased_at bigint, -- fact; ever
    primary key (district, id)
); -- without rowid
create table contact (
    district text not null, -- key; until erased
    person text not null, -- key; until erased
    kind text not null, -- fact; until erased
    sealed bytea not null, -- sealed; until erased
    blind bytea, -- secret; until erased
    at bigint not null, -- fact; until erased
    primary key (district, person, kind)
);
create index contact_blind on contact (district, blind, at, person);
create table content (
    district text not null, -- key; until erased
    id text not null, -- key; until erased
    person text not null, -- key; until erased
    subject_kind text not null, -- key; until erased
    subject_id text not null, -- key; until erased
    kind text not null, -- fact; until erased
    sealed bytea not null, -- sealed; until erased
    at bigint not null, -- fact; until erased
    primary key (district, id)
);
create index content_subject on content (district, subject_kind, subject_id);
create index content_person on content (district, person);
create table unsealing (
    district text not null, -- key; 3 years
    id text not null, -- key; 3 years
    person text not null, -- key; 3 years
    actor text not null, -- handle; 3 years
    purpose text not null, -- fact; 3 years
    subject_kind text not null, -- key; 3 years
    subject_id text not null, -- key; 3 years
    at bigint not null, -- fact; 3 years
    primary key (district, id)
);
create index unsealing_person on unsealing (district, person, at);
create table account (
    district text not null, -- key; while in office
    id text not null, -- key; while in office
    name text not null, -- handle; while in office
    person text not null, -- key; while in office
    password_hash text not null, -- secret; while in office
    created_at bigint not null, -- fact; while in office
    disabled_at bigint, -- fact; while in office
    failures bigint not null, -- fact; while in office
    locked_until bigint, -- fact; while in office
    primary key (district, id)
);
create unique index account_name on account (name);
create table session (
    token_hash bytea not null, -- secret; 30 days
    district text not null, -- key; 30 days
    account text not null, -- key; 30 days
    created_at bigint not null, -- fact; 30 days
    expires_at bigint not null, -- fact; 30 days
    primary key (token_hash)
);
create index session_account on session (district, account);
create table outbox (
    district text not null, -- key; 1 year
    id text not null, -- key; 1 year
    dedupe text not null, -- key; 1 year
    person text not null, -- key; 1 year
    channel text not null, -- fact; 1 year
    subject_kind text not null, -- key; 1 year
    subject_id text not null, -- key; 1 year
    sealed bytea not null, -- sealed; 1 year
    state text not null, -- fact; 1 year
    due_at bigint not null, -- fact; 1 year
    tries bigint not null, -- fact; 1 year
    lease_until bigint, -- fact; 1 year
    sent_at bigint, -- fact; 1 year
    created_at bigint not null, -- fact; 1 year
    primary key (district, id)
);
create unique index outbox_dedupe on outbox (district, dedupe);
create index outbox_due on outbox (district, state, due_at);
create index outbox_person on outbox (district, person, created_at);
create table timer (
    district text not null, -- key; until fired
    id text not null, -- key; until fired
    kind text not null, -- fact; until fired
    subject_kind text not null, -- key; until fired
    subject_id text not null, -- key; until fired
    due_at bigint not null, -- fact; until fired
    lease_until bigint, -- fact; until fired
    tries bigint not null, -- fact; until fired
    primary key (district, id)
);
create unique index timer_subject on timer (district, subject_kind, subject_id, kind);
create index timer_due on timer (district, due_at);
create table follower (
    district text not null, -- key; ever
    name text not null, -- key; ever
    seq bigint not null, -- fact; ever
    primary key (district, name)
); -- without rowid
