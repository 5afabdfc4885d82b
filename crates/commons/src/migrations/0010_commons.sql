create table district (
    district text not null, -- key; ever
    pack text not null, -- fact; ever
    version bigint not null, -- fact; ever
    enabled_at bigint not null, -- fact; ever
    primary key (district)
);
create table place (
    district text not null, -- key; ever
    id text not null, -- key; ever
    parent text, -- key; ever
    code text not null, -- fact; ever
    name text not null, -- fact; ever
    level text not null, -- fact; ever
    kind text not null, -- fact; ever
    households bigint, -- fact; ever
    synthetic boolean not null, -- fact; ever
    boundary text, -- fact; ever
    valid_from bigint not null, -- fact; ever
    valid_to bigint, -- fact; ever
    primary key (district, id)
);
create unique index place_code on place (district, code);
create table place_alias (
    district text not null, -- key; ever
    alias text not null, -- fact; ever
    place text not null, -- key; ever
    primary key (district, alias, place)
);
create table place_within (
    district text not null, -- key; ever
    place text not null, -- key; ever
    ancestor text not null, -- key; ever
    depth bigint not null, -- fact; ever
    primary key (district, place, ancestor)
); -- without rowid
create index place_within_ancestor on place_within (district, ancestor, place);
create table body (
    district text not null, -- key; ever
    id text not null, -- key; ever
    name text not null, -- fact; ever
    kind text not null, -- fact; ever
    parent text, -- key; ever
    place text not null, -- key; ever
    party boolean not null, -- fact; ever
    contact text, -- fact; ever
    valid_from bigint not null, -- fact; ever
    valid_to bigint, -- fact; ever
    primary key (district, id)
);
create unique index body_name on body (district, place, name);
create table holding (
    district text not null, -- key; ever
    id text not null, -- key; ever
    person text not null, -- key; ever
    post text not null, -- fact; ever
    place text, -- key; ever
    body text, -- key; ever
    display text not null, -- handle; ever
    rank bigint not null, -- fact; ever
    hours text, -- fact; ever
    station text, -- fact; ever
    valid_from bigint not null, -- fact; ever
    valid_to bigint, -- fact; ever
    primary key (district, id)
);
create index holding_person on holding (district, person);
create table item (
    district text not null, -- key; ever
    code text not null, -- key; ever
    name text not null, -- fact; ever
    name_en text not null, -- fact; ever
    class text not null, -- fact; ever
    accept_limit text not null, -- fact; ever
    handle_limit text not null, -- fact; ever
    closing text not null, -- fact; ever
    evidence text not null, -- fact; ever
    public boolean not null, -- fact; ever
    primary key (district, code)
);
create table duty (
    district text not null, -- key; ever
    item text not null, -- key; ever
    place text not null, -- key; ever
    body text not null, -- key; ever
    part text not null, -- fact; ever
    primary key (district, item, place, body, part)
);
