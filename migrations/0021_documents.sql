-- Business documents and the series that number them. A document is written whole and, once issued, never again: so its lines
-- stand in its row, and one trigger keeps all of it.

create table document_series (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  type text not null check (type in (
    'quotation', 'boq', 'invoice', 'receipt', 'credit_note', 'purchase_order', 'goods_receipt', 'stock_count', 'day_close')),
  -- Empty: every location, every register that has no series of its own.
  location text not null default '',
  register text not null default '',
  prefix text not null check (prefix ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
  reset text not null check (reset in ('month', 'year', 'never')),
  -- gapless: the counter is raised in the transaction of the document. fast: in one of its own, so that a failure leaves a gap.
  kind text not null check (kind in ('gapless', 'fast')),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  -- Also against series that were given up: their numbers stay.
  constraint document_series_prefix_key unique (restaurant_id, prefix)
);
select protect_tenant_table('document_series', 'select, insert, update');
create unique index document_series_place_key on document_series (restaurant_id, type, location, register) where deleted_at is null;

-- One row per series and period, raised in the transaction of the documents it numbers, as its last lock. It carries the hash of
-- the last document, so that the next one finds its predecessor without a search. Room for updates within the page.
create table document_counters (
  restaurant_id uuid not null references restaurants (id),
  series_id uuid not null,
  period text not null,
  last_number integer not null check (last_number > 0),
  -- Empty until the first document: numbers and hash are written in the same transaction.
  last_hash text not null default '',
  primary key (restaurant_id, series_id, period),
  foreign key (restaurant_id, series_id) references document_series (restaurant_id, id)
) with (fillfactor = 20);
select protect_tenant_table('document_counters', 'select, insert, update');

create table documents (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  type text not null,
  status text not null check (status in ('draft', 'issued', 'voided')),
  location text not null default '',
  register text not null default '',
  -- Of issued documents.
  series_id uuid,
  period text,
  counter integer check (counter > 0),
  number text,
  business_date date,
  issued_at timestamptz(3),
  issued_by text,
  seller jsonb,
  -- The hash of the document before it in the series, and its own over its canonical form and that one.
  previous_hash text,
  hash text,
  -- Which call issued it: one that lost its connection in the commit finds out that it was its own.
  issue_token uuid,
  currency text not null,
  customer jsonb,
  notes text,
  lines jsonb not null,
  discounts jsonb not null default '[]',
  taxes jsonb not null default '[]',
  subtotal bigint not null,
  discount_total bigint not null,
  tax_total bigint not null,
  tax_included_total bigint not null,
  total bigint not null,
  -- What its type has beyond lines: the payments of a receipt.
  details jsonb,
  -- What it was made from.
  order_id uuid,
  original_id uuid,
  reason text,
  -- A creation that is to issue as well keeps its draft when the issue fails: the same Idempotency-Key finds it by this.
  request_key text,
  request_hash text,
  void_reason text,
  voided_at timestamptz(3),
  voided_by text,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, series_id) references document_series (restaurant_id, id),
  foreign key (restaurant_id, order_id) references orders (restaurant_id, id),
  foreign key (restaurant_id, original_id) references documents (restaurant_id, id),
  constraint documents_total_check check (total = subtotal - discount_total + tax_total - tax_included_total),
  -- A draft has no number, everything else has all that makes one.
  constraint documents_number_check check (
    case when status = 'draft' then num_nonnulls(series_id, period, counter, number, business_date, issued_at, hash) = 0
      else num_nulls(series_id, period, counter, number, business_date, issued_at) = 0 and deleted_at is null end)
);
select protect_tenant_table('documents', 'select, insert, update');
create unique index documents_counter_key on documents (restaurant_id, series_id, period, counter) where counter is not null;
create unique index documents_request_key on documents (restaurant_id, request_key) where request_key is not null;
-- One live invoice and one live receipt for an order.
create unique index documents_order_key on documents (restaurant_id, order_id, type)
  where order_id is not null and status <> 'voided' and deleted_at is null;
create index documents_type_idx on documents (restaurant_id, type, id) where deleted_at is null;
create index documents_original_idx on documents (restaurant_id, original_id) where original_id is not null;

-- An issued document never changes. It can be voided, once, and keeps its number.
create function keep_issued_documents() returns trigger
language plpgsql as $$
declare
  voiding constant text[] := '{status,void_reason,voided_at,voided_by,version,updated_at}';
begin
  if old.status = 'draft' then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  -- A demo is removed with all that it has; the function stands in 0022_demo_sessions.sql.
  if tg_op = 'DELETE' and is_demo_removal() then
    return old;
  end if;
  if tg_op = 'UPDATE' and old.status = 'issued' and new.status = 'voided' and to_jsonb(new) - voiding = to_jsonb(old) - voiding then
    return new;
  end if;
  raise exception 'an issued document is never changed' using errcode = 'restrict_violation';
end $$;
create trigger documents_keep_issued before update or delete on documents
  for each row execute function keep_issued_documents();
create trigger documents_keep_all before truncate on documents
  for each statement execute function refuse_change();
