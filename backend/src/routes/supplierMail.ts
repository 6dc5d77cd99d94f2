/** The address that suppliers send their invoices to, and the webhook of the mail provider. */
import { z } from 'zod';
import { readFiles } from '../middleware/uploadFiles.js';
import type { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';
import { mailInput, mailReceived, mailbox } from './schemas/supplierMail.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Supplier invoices';
const MAX_ATTACHMENTS = 20;
const MAX_ATTACHMENT_BYTES = 20_000_000;

export function supplierMailEndpoints({ supplierInvoices }: { supplierInvoices: SupplierInvoiceService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/supplier-invoices/mailbox',
      tag: TAG,
      summary: 'Make a new address for mails of suppliers',
      description:
        'Let the mail provider forward to `POST /v1/inbound/mail/{token}`. The old address ends at once. The token is shown only here.',
      access: 'purchasing:write',
      status: 201,
      response: mailbox,
      handle: ({ call }) => supplierInvoices.openMailbox(call),
    }),
    endpoint({
      method: 'post',
      path: '/v1/inbound/mail/{token}',
      name: 'receiveSupplierMail',
      tag: TAG,
      summary: 'Receive a mail with attachments, in the form of a mail provider’s webhook',
      description: 'Attachments that are no document of a supplier, such as logos, are left out.',
      access: 'public',
      params: z.object({ token: z.string().max(200) }),
      upload: async (request, response) => {
        // Whose it is, before anything is read.
        const owner = await supplierInvoices.mailboxOwner(String(request.params['token']));
        const files = await readFiles(request, response, {
          maxFiles: MAX_ATTACHMENTS,
          maxFileBytes: MAX_ATTACHMENT_BYTES,
          takeIn: (stream) => supplierInvoices.takeIn(stream),
          digestOf: (file) => file.sha256,
        });
        return { mail: { owner, files } };
      },
      body: mailInput,
      status: 202,
      response: mailReceived,
      handle: async ({ body: { mail } }) => {
        const { documents, skipped } = await supplierInvoices.receiveMail(mail.owner, mail.files);
        return { data: documents, skipped };
      },
    }),
  ];
}
