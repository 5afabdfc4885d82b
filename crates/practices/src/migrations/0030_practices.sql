create table visit (
    district text not null, -- key; ever
    id text not null, -- key; ever
    person text not null, -- key; 3 years
    holding text, -- key; 3 years
    place text not null, -- key; 3 years
    kind text not null, -- fact; 3 years
    at bigint not null, -- fact; 3 years
    visited text, -- key; 3 years
    whom text, -- key; 3 years
    room text, -- key; 3 years
    heard text, -- key; 3 years
    case_id text, -- key; 3 years
    primary key (district, id)
);
create index visit_place on visit (district, place, at, id);
create index visit_person on visit (district, person, at, id);
create table meeting (
    district text not null, -- key; ever
    id text not null, -- key; ever
    place text not null, -- key; 3 years
    kind text not null, -- fact; 3 years
    caller text, -- key; 3 years
    status text not null, -- fact; 3 years
    version bigint not null, -- fact; 3 years
    held_at bigint not null, -- fact; 3 years
    facts text not null, -- fact; 3 years
    primary key (district, id)
);
create index meeting_place on meeting (district, place, held_at, id);
create index meeting_held on meeting (district, held_at, id);
create table meeting_present (
    district text not null, -- key; ever
    meeting text not null, -- key; 3 years
    ordinal bigint not null, -- fact; 3 years
    kind text not null, -- fact; 3 years
    who text not null, -- fact; 3 years
    count bigint not null, -- fact; 3 years
    primary key (district, meeting, ordinal)
);
create table meeting_topic (
    district text not null, -- key; ever
    id text not null, -- key; ever
    meeting text not null, -- key; 3 years
    ordinal bigint not null, -- fact; 3 years
    title text not null, -- key; 3 years
    case_id text, -- key; 3 years
    primary key (district, id)
);
create unique index meeting_topic_place on meeting_topic (district, meeting, ordinal);
create index meeting_topic_case on meeting_topic (district, case_id, id) where case_id is not null;
create table meeting_decision (
    district text not null, -- key; ever
    id text not null, -- key; ever
    meeting text not null, -- key; 3 years
    ordinal bigint not null, -- fact; 3 years
    topic text, -- key; 3 years
    kind text not null, -- fact; 3 years
    case_id text, -- key; 3 years
    due_at bigint, -- fact; 3 years
    facts text not null, -- fact; 3 years
    primary key (district, id)
);
create unique index meeting_decision_place on meeting_decision (district, meeting, ordinal);
create index meeting_decision_case on meeting_decision (district, case_id, id) where case_id is not null;
