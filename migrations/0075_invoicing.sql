-- Older code may run: it does not look at the new columns, which may be null or have a default.
-- Settings for electronic invoices, and the VAT category of a tax. Documents take both with them
-- when they are issued.

alter table restaurants
  -- {street, additional, city, postcode, region}. The older free text stays for those without it.
  add column postal_address jsonb,
  -- {name, phone, email}
  add column contact jsonb,
  -- {scheme, id}: schemes of the EAS list and of ISO 6523.
  add column electronic_address jsonb,
  add column company_id jsonb,
  -- {iban, bic, holder}
  add column payment_account jsonb,
  add column e_invoice_profile text not null default 'en16931'
    check (e_invoice_profile in ('en16931', 'xrechnung', 'peppol'));

alter table taxes
  -- UNCL 5305. Null: S above 0 %, Z at 0 %.
  add column vat_category text check (vat_category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
  add column exemption_code text check (length(exemption_code) between 1 and 40),
  add column exemption_reason text check (length(exemption_reason) between 1 and 500),
  add constraint taxes_category_rate_check check (
    vat_category is null or (vat_category = 'S') = (rate > 0));
