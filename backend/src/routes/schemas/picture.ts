import { z } from 'zod';
import type { TakenFile } from '../../middleware/uploadFiles.js';
import type { Incoming } from '../../services/PictureService.js';

export const pictureUpload = z
  .strictObject({
    file: z
      .custom<[TakenFile<Incoming>]>(
        (sent) => Array.isArray(sent) && sent.length === 1,
        'Send a file in a part named "file".',
      )
      .meta({
        override: {
          type: 'string',
          format: 'binary',
          description: 'JPEG, PNG, WebP or HEIC of at most 15 MB and 50 million pixels.',
        },
      }),
  })
  .meta({ id: 'PictureUpload' });

export const pictureParams = z.object({
  name: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'No such picture.')
    .meta({ description: 'Names the picture.', examples: ['019ab3f0'.repeat(8)] }),
  size: z.enum(['small', 'medium', 'large']).meta({ description: 'At most 320, 800 or 1,600 pixels wide or high.' }),
});
