create table case_file (
    district text not null, -- key; ever
    id text not null, -- key; ever
    number text not null, -- key; ever
    lookup_hash bytea not null, -- secret; ever
    asker text not null, -- key; ever
    grid text not null, -- key; ever
    item text not null, -- fact; ever
    state text not null, -- fact; ever
    lead_body text, -- key; ever
    version bigint not null, -- fact; ever
    imported boolean not null, -- fact; ever
    external_id text, -- key; ever
    reported_at bigint not null, -- fact; ever
    next_due bigint, -- fact; ever
    closed_at bigint, -- fact; ever
    merged_into text, -- key; ever
    facts text not null, -- fact; ever
    primary key (district, id)
);
create unique index case_number on case_file (district, number);
create unique index case_lookup on case_file (district, lookup_hash);
create unique index case_external on case_file (district, external_id) where external_id is not null;
create index case_state on case_file (district, state, id);
create index case_item on case_file (district, item, id);
create index case_grid on case_file (district, grid, state, id);
create index case_asker on case_file (district, asker, id);
create index case_due on case_file (district, next_due, id) where next_due is not null;
create index case_merged on case_file (district, merged_into, id) where merged_into is not null;
create table task (
    district text not null, -- key; ever
    id text not null, -- key; ever
    case_id text not null, -- key; ever
    kind text not null, -- fact; ever
    body text, -- key; ever
    state text not null, -- fact; ever
    version bigint not null, -- fact; ever
    next_due bigint, -- fact; ever
    facts text not null, -- fact; ever
    primary key (district, id)
);
create index task_case on task (district, case_id, id);
create index task_body on task (district, body, state, id);
