import { z } from 'zod';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import { MAX_INCREMENT } from '../../domain/restaurant/cashRounding.js';
import { isTimezone } from '../../domain/restaurant/wallClock.js';
import {
  country,
  id,
  optionalText,
  percent,
  printLanguage,
  taxOfficeNumber,
  text,
  timestamp,
  weeklyInterval,
} from './common.js';

import { companyId, contact, eInvoiceProfile, electronicAddress, paymentAccount, postalAddress } from './party.js';

const MAX_INTERVALS = 50;
const MAX_TAXES = 20;
const CASH_HINT = `Give the smallest amount in cash in minor units, 5 for 0.05, at most ${MAX_INCREMENT}; 0 for no rounding.`;

const serviceCharge = z
  .strictObject({
    rate: percent,
    orderTypes: z.array(z.enum(ORDER_TYPES)).max(ORDER_TYPES.length),
    taxIds: z.array(id).max(MAX_TAXES).default([]),
  })
  .meta({
    id: 'ServiceCharge',
    description: 'A charge on orders of the given types. `taxIds` are the taxes on the charge itself.',
  });

const pickupCodes = z
  .strictObject({ poolId: id, orderTypes: z.array(z.enum(ORDER_TYPES)).max(ORDER_TYPES.length) })
  .meta({ id: 'PickupCodes', description: 'New orders of these types get a code of this pool.' });

export const restaurant = z
  .object({
    id,
    name: z.string(),
    currency: z.string().length(3),
    timezone: z.string(),
    businessDayCutoffHour: z.int().min(0).max(23),
    openingHours: z.array(weeklyInterval),
    serviceCharge: z.object({ rate: percent, orderTypes: z.array(z.string()), taxIds: z.array(id) }).nullable(),
    pickupCodes: z.object({ poolId: id, orderTypes: z.array(z.string()) }).nullable(),
    isAssistantOn: z
      .boolean()
      .meta({ description: 'Whether data of the restaurant may be sent to the language model of this server.' }),
    address: z.string().nullable(),
    vatId: z.string().nullable(),
    taxNumber: z.string().nullable(),
    country: z.string().nullable(),
    language: printLanguage,
    receiptFooter: z.string().nullable(),
    cashRounding: z.int().nullable(),
    cashIncrement: z.int().meta({
      description:
        'Smallest amount in cash that applies, minor units: cashRounding, else by currency and country. 0: none.',
    }),
    postalAddress: postalAddress.nullable(),
    contact: contact.nullable(),
    electronicAddress: electronicAddress.nullable(),
    companyId: companyId.nullable(),
    paymentAccount: paymentAccount.nullable(),
    eInvoiceProfile,
    demoExpiresAt: timestamp.nullable().meta({ description: 'When the demo ends. Null: this is not a demo.' }),
    version: z.int(),
  })
  .meta({ id: 'Restaurant' });

export const timezone = text(64)
  .refine(isTimezone, {
    error: 'Give the name of a time zone in the IANA database, for example "Europe/Berlin".',
    params: { rule: 'format' },
  })
  .meta({ description: 'A name in the IANA time zone database.', examples: ['Europe/Berlin'] });

/** The currency cannot change: stored amounts would mean something else. */
export const restaurantChanges = z
  .strictObject({
    name: text(200).optional(),
    timezone: timezone.optional(),
    businessDayCutoffHour: z.int().min(0).max(23).optional(),
    openingHours: z.array(weeklyInterval).max(MAX_INTERVALS).optional(),
    serviceCharge: serviceCharge.nullable().optional(),
    pickupCodes: pickupCodes.nullable().optional(),
    isAssistantOn: z.boolean().optional(),
    address: optionalText(500),
    vatId: taxOfficeNumber(
      'In the EU, the United Kingdom, Switzerland and Norway with the country prefix (DE123456789); blanks, dots and hyphens ' +
        'are removed. In other countries any text.',
    )
      .nullable()
      .optional(),
    taxNumber: taxOfficeNumber('Number from the national tax office.').nullable().optional(),
    country: country.nullable().optional(),
    language: printLanguage.optional(),
    receiptFooter: optionalText(1000),
    cashRounding: z.int(CASH_HINT).min(0, CASH_HINT).max(MAX_INCREMENT, CASH_HINT).nullable().optional().meta({
      description: 'Smallest amount in cash, minor units; 0 turns rounding off. Null: by currency and country.',
    }),
    postalAddress: postalAddress.nullable().optional(),
    contact: contact.nullable().optional(),
    electronicAddress: electronicAddress.nullable().optional(),
    companyId: companyId.nullable().optional(),
    paymentAccount: paymentAccount.nullable().optional(),
    eInvoiceProfile: eInvoiceProfile.optional(),
  })
  .meta({ id: 'RestaurantChanges' });
