-- Older code may run: it does not use the new tables.

-- Supplier invoices: uploaded files, what was read from them, and the way from there into stock.
-- The file is kept in the file store under its digest; the row has the key. What was read is kept
-- as JSON with decimal text, because suppliers' decimals differ from ours.

create table supplier_invoices (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  -- The upload or mail that brought it: its files share one.
  workflow_id uuid not null,
  -- A file may hold several invoices.
  part integer not null default 1 check (part > 0),
  status text not null
    check (status in ('received', 'extracting', 'review', 'approved', 'posted', 'reversed', 'failed', 'rejected')),
  -- The kind of the document, once it is read.
  product text not null default 'unknown' check (product in ('unknown', 'invoice', 'credit_note')),
  -- The actor that brought it.
  user_id text not null,
  file_name text not null,
  file_key text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer not null check (bytes > 0),
  kind text not null check (kind in ('pdf', 'jpeg', 'png', 'webp', 'heic', 'xml', 'csv')),
  pages integer check (pages > 0),
  -- When the virus scanner let it pass; until then nobody gets the file where there is a scanner.
  scanned_at timestamptz(3),
  uploaded_at timestamptz(3) not null,
  -- A worker has it until then.
  leased_until timestamptz(3),
  attempts integer not null default 0,
  failure text,
  -- The document without its lines; null until it is read.
  invoice jsonb,
  type_code text,
  -- Letters and digits of the number, in capitals: what duplicates are found by.
  number_key text,
  issue_date date,
  supplier_id uuid,
  purchase_order_id uuid,
  goods_receipt_id uuid,
  -- Whether the goods of a credit note go back; null until somebody has said so.
  goods_returned boolean,
  -- Currency of the restaurant for one of the document's; null where they are the same.
  exchange_rate numeric(18, 9) check (exchange_rate > 0),
  reviewed_by text,
  decision_reason text,
  posted_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, id),
  constraint supplier_invoices_file_key unique (restaurant_id, sha256, part),
  foreign key (restaurant_id, supplier_id) references suppliers (restaurant_id, id),
  foreign key (restaurant_id, purchase_order_id) references purchase_orders (restaurant_id, id),
  foreign key (restaurant_id, goods_receipt_id) references goods_receipts (restaurant_id, id)
) with (fillfactor = 80);
select protect_tenant_table('supplier_invoices', 'select, insert, update');
-- A worker must learn which restaurants have files to read; it then enters each one.
create policy owner_reads on supplier_invoices for select to current_user using (true);
create index supplier_invoices_workflow_idx on supplier_invoices (restaurant_id, workflow_id);
create index supplier_invoices_user_status_idx on supplier_invoices (restaurant_id, user_id, status);
create index supplier_invoices_status_idx on supplier_invoices (restaurant_id, status, uploaded_at);
create index supplier_invoices_user_idx on supplier_invoices (restaurant_id, user_id, uploaded_at);
create index supplier_invoices_product_idx on supplier_invoices (restaurant_id, product, status);
create index supplier_invoices_number_idx on supplier_invoices (restaurant_id, number_key) where number_key is not null;
create index supplier_invoices_supplier_idx on supplier_invoices (restaurant_id, supplier_id, id);
create index supplier_invoices_order_idx on supplier_invoices (restaurant_id, purchase_order_id);
create index supplier_invoices_receipt_idx on supplier_invoices (restaurant_id, goods_receipt_id);
-- The few that wait to be read, or are being read.
create index supplier_invoices_pending_idx on supplier_invoices (restaurant_id, uploaded_at) where status in ('received', 'extracting');

create table supplier_invoice_lines (
  restaurant_id uuid not null,
  supplier_invoice_id uuid not null,
  position integer not null check (position > 0),
  -- As read or corrected.
  line jsonb not null,
  -- False: no goods of the store room, such as freight or a deposit.
  is_stock boolean not null default true,
  inventory_item_id uuid,
  -- Stock units in one invoiced unit.
  pack_quantity numeric(18, 6) check (pack_quantity > 0),
  -- How sure the match is, 0 to 1.
  score numeric(4, 3) check (score between 0 and 1),
  match_source text check (match_source in ('learned', 'article', 'name', 'person')),
  -- As posted, with the sign of the movement, and minor units for one stock unit.
  stock_quantity numeric(18, 6),
  unit_cost numeric(18, 6),
  primary key (restaurant_id, supplier_invoice_id, position),
  foreign key (restaurant_id, supplier_invoice_id) references supplier_invoices (restaurant_id, id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id)
);
-- Lines are written anew when a document is read again.
select protect_tenant_table('supplier_invoice_lines', 'select, insert, update, delete');
create index supplier_invoice_lines_item_idx on supplier_invoice_lines (restaurant_id, inventory_item_id);

-- What people have taught: the item behind an article of a supplier. One row for each article.
create table supplier_articles (
  restaurant_id uuid not null,
  supplier_id uuid not null,
  -- The article number, else the GTIN, else the description.
  article_key text not null,
  is_stock boolean not null default true,
  inventory_item_id uuid,
  pack_quantity numeric(18, 6) check (pack_quantity > 0),
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, supplier_id, article_key),
  foreign key (restaurant_id, supplier_id) references suppliers (restaurant_id, id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id)
);
select protect_tenant_table('supplier_articles', 'select, insert, update');
create index supplier_articles_item_idx on supplier_articles (restaurant_id, inventory_item_id);

-- How suppliers name themselves on their papers: `vat NL820098395B01`, `name de koksmaat`.
create table supplier_identities (
  restaurant_id uuid not null,
  identity text not null,
  supplier_id uuid not null,
  updated_at timestamptz(3) not null,
  primary key (restaurant_id, identity),
  foreign key (restaurant_id, supplier_id) references suppliers (restaurant_id, id)
);
select protect_tenant_table('supplier_identities', 'select, insert, update');
create index supplier_identities_supplier_idx on supplier_identities (restaurant_id, supplier_id);

-- The address that suppliers send their invoices to. Only a digest of its token is kept.
create table supplier_mailboxes (
  restaurant_id uuid primary key references restaurants (id),
  token_hash text not null,
  created_by text not null,
  created_at timestamptz(3) not null
);
select protect_tenant_table('supplier_mailboxes', 'select, insert, update');

-- Leases up to `most` waiting documents to one worker, for `lease_seconds`. Restaurants after the
-- id
-- `behind` come first, each with a share, so that a large upload of one delays nobody for long.
--
-- Runs with its owner's rights, because the application sees only one restaurant at a time.
create function claim_supplier_invoices(behind uuid, most integer, lease_seconds integer)
returns table (claimed_restaurant_id uuid, claimed_id uuid)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered constant text := current_setting('app.restaurant_id', true);
  share constant integer := greatest(1, most / 4);
  last uuid := coalesce(behind, '00000000-0000-0000-0000-000000000000');
  left_over integer := most;
  taken integer;
begin
  while left_over > 0 loop
    select s.restaurant_id into last
    from supplier_invoices s
    where s.restaurant_id > last and s.status in ('received', 'extracting') and (s.leased_until is null or s.leased_until < now())
    order by s.restaurant_id
    limit 1;
    exit when not found;
    perform set_config('app.restaurant_id', last::text, true);
    return query
      update supplier_invoices s
      set status = 'extracting', leased_until = now() + make_interval(secs => lease_seconds), attempts = s.attempts + 1
      where s.restaurant_id = last and s.id = any (array(
        select d.id
        from supplier_invoices d
        where d.restaurant_id = last and d.status in ('received', 'extracting') and (d.leased_until is null or d.leased_until < now())
        order by d.uploaded_at
        limit least(share, left_over)
        for update skip locked))
      returning s.restaurant_id, s.id;
    get diagnostics taken = row_count;
    left_over := left_over - taken;
  end loop;
  perform set_config('app.restaurant_id', coalesce(entered, ''), true);
end $$;
revoke all on function claim_supplier_invoices(uuid, integer, integer) from public;
grant execute on function claim_supplier_invoices(uuid, integer, integer) to servio_app;

-- Documents that wait to be read, of all restaurants, counted up to ten thousand, and the age of
-- the oldest in seconds.
create function supplier_invoice_backlog(out waiting integer, out oldest_seconds integer)
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::integer, coalesce(extract(epoch from now() - min(uploaded_at)), 0)::integer
  from (select s.uploaded_at from supplier_invoices s where s.status in ('received', 'extracting') limit 10000) s
$$;
revoke all on function supplier_invoice_backlog() from public;
grant execute on function supplier_invoice_backlog() to servio_app;

-- Names are compared by their trigrams: groups of three characters of each word. Where the
-- extension pg_trgm can be had it finds them; the function below gives the same ones without it.
do $$
begin
  create extension if not exists pg_trgm;
exception when others then
  raise notice 'pg_trgm is not available: names are compared without it';
end $$;

create function name_trigrams(name text) returns text[]
language sql immutable parallel safe set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct substr(w.word, i, 3)), '{}')
  from (
    select '  ' || word || ' ' as word
    from regexp_split_to_table(lower(name), '[^[:alnum:]]+') word
    where word <> ''
  ) w, generate_series(1, length(w.word) - 2) i
$$;
do $$
begin
  if to_regprocedure('public.show_trgm(text)') is not null then
    create or replace function name_trigrams(name text) returns text[]
    language sql immutable parallel safe as 'select public.show_trgm(name)';
  end if;
end $$;
grant execute on function name_trigrams(text) to servio_app;

comment on index supplier_invoices_user_status_idx is
  'why: operators were promised the documents of one person by status; the API asks by document, status and upload';
comment on index supplier_invoices_user_idx is
  'why: operators were promised the documents of one person by time; the API asks by document, status and upload';
comment on index supplier_invoices_product_idx is
  'why: operators were promised the documents of one kind by status; the API asks by document, status and upload';
