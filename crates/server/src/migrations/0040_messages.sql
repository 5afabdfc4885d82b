alter table outbox add column read_at bigint; -- fact; 1 year
create index outbox_unread on outbox (district, person, created_at) where read_at is null and channel = 'page';
