/** What invoices say of a restaurant or a customer: address in parts, identifiers, bank account. */
import { z } from 'zod';
import { E_INVOICE_PROFILES } from '../../domain/restaurant/invoicing.js';
import { email, text } from './common.js';

export const postalAddress = z
  .strictObject({
    street: text(200),
    additional: text(200).optional(),
    city: text(100),
    postcode: text(20).optional(),
    region: text(100).optional(),
  })
  .meta({
    id: 'PostalAddress',
    description: 'Wins over the free text of `address`. The country is a field of its own.',
  });

export const electronicAddress = z.strictObject({ scheme: text(4), id: text(100) }).meta({
  id: 'ElectronicAddress',
  description:
    'Where electronic invoices arrive. `scheme` is a code of the EAS list: 9930 a German VAT number, EM an e-mail.',
  examples: [{ scheme: '9930', id: 'DE123456789' }],
});

export const companyId = z.strictObject({ scheme: text(4), id: text(100) }).meta({
  id: 'CompanyId',
  description:
    'Number in a register of companies. `scheme` is a code of ISO 6523: 0106 the Dutch KVK, 0184 the Danish CVR.',
  examples: [{ scheme: '0184', id: '12345674' }],
});

export const contact = z
  .strictObject({ name: text(200), phone: text(50), email })
  .meta({ id: 'InvoiceContact', description: 'Whom a customer asks about an invoice.' });

export const paymentAccount = z
  .strictObject({
    iban: text(50),
    bic: z
      .string()
      .trim()
      .regex(/^[A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?$/, 'A BIC has 8 or 11 letters and digits.')
      .optional(),
    holder: text(200).optional(),
  })
  .meta({ id: 'PaymentAccount', description: 'The account to which customers pay invoices.' });

export const eInvoiceProfile = z.enum(E_INVOICE_PROFILES).meta({
  description:
    'Rules of the electronic invoice: the European standard, XRechnung 3 or Peppol BIS 3.0. The latter two demand more data.',
});
