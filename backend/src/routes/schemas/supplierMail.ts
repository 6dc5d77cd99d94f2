import { z } from 'zod';
import type { Call } from '../../domain/shared/call.js';
import type { SentFile } from '../../services/supplierInvoice/Uploads.js';
import { uploaded } from './supplierInvoice.js';

export const mailbox = z
  .object({ token: z.string().meta({ description: 'Part of the address. It lets anybody send documents here.' }) })
  .meta({ id: 'SupplierMailbox' });

export const mailInput = z
  .object({
    mail: z
      .custom<{ owner: Call; files: SentFile[] }>((sent) => typeof sent === 'object' && sent !== null)
      .meta({
        override: {
          type: 'array',
          items: { type: 'string', format: 'binary' },
          description: 'Attachments, in any parts.',
        },
      }),
  })
  .meta({ id: 'SupplierMail' });

export const mailReceived = z
  .object({
    data: uploaded.shape.data,
    skipped: z.array(z.string()).meta({ description: 'Names of what was left out.' }),
  })
  .meta({ id: 'SupplierMailReceived' });
