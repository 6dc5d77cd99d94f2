import { z } from 'zod';
import { DEVICE_KINDS } from '../../domain/people/devices.js';
import { apiKey } from './apiKey.js';
import { id, text, timestamp } from './common.js';

const MAX_SECRET_CHARS = 200;
const MAX_CODE_CHARS = 40;

const kind = z
  .enum(DEVICE_KINDS)
  .meta({ description: 'Decides the scopes of the device.', examples: ['kitchen_screen'] });
const name = text(200).meta({ examples: ['Kitchen, left screen'] });

export const startedPairing = z
  .object({
    secret: z.string().meta({ description: 'For the device alone: it fetches the key with it. Never show it.' }),
    userCode: z.string().meta({ description: 'For the screen: a member enters it.', examples: ['WDJB-MJHT'] }),
    expiresAt: timestamp,
    interval: z.int().meta({ description: 'Seconds to wait between two questions for the key.', examples: [5] }),
  })
  .meta({ id: 'StartedPairing' });

export const pairingConfirmation = z
  .strictObject({
    userCode: text(MAX_CODE_CHARS).meta({
      description: 'The code on the screen. Case, blanks and hyphens do not matter.',
      examples: ['WDJB-MJHT'],
    }),
    name,
    kind,
  })
  .meta({ id: 'PairingConfirmation' });

export const confirmedPairing = z
  .object({
    name: z.string(),
    kind: z.enum(DEVICE_KINDS),
    expiresAt: timestamp.meta({ description: 'The device must fetch its key before.' }),
  })
  .meta({ id: 'ConfirmedPairing' });

export const pairingSecret = z
  .strictObject({ secret: z.string().min(1).max(MAX_SECRET_CHARS) })
  .meta({ id: 'PairingSecret' });

export const pairedDevice = apiKey
  .extend({
    secret: z.string().meta({ description: 'The API key of the device. Shown only once.' }),
    restaurant: z.object({ id, name: z.string() }),
  })
  .meta({ id: 'PairedDevice' });

export const deviceChanges = z.strictObject({ name }).meta({ id: 'DeviceChanges' });
