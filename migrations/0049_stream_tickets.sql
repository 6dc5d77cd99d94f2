-- Older code may run: it makes no tickets and opens no streams.

-- Tickets for readers that can send no header: a browser's EventSource. Each opens one stream of
-- events and is deleted then. The expired ones of a restaurant are deleted when it makes another.
create table stream_tickets (
  restaurant_id uuid not null references restaurants (id),
  -- Digest of the ticket, which is random.
  hash text not null,
  -- The credential that made it, encrypted: the stream ends when that credential does.
  credential bytea not null,
  expires_at timestamptz(3) not null,
  primary key (restaurant_id, hash)
);
select protect_tenant_table('stream_tickets', 'select, insert, delete');
