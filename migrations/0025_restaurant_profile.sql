-- What a restaurant is to the tax office, and the language it prints in. Until they are set, invoices have no form for machines.

alter table restaurants
  add column vat_id text check (length(vat_id) between 1 and 30),
  add column tax_number text check (length(tax_number) between 1 and 30),
  -- ISO 3166-1 alpha-2.
  add column country text check (country ~ '^[A-Z]{2}$'),
  -- ISO 639-1.
  add column language text not null default 'en' check (language ~ '^[a-z]{2}$');
