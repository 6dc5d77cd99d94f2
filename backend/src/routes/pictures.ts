import { readFiles } from '../middleware/uploadFiles.js';
import type { PictureService } from '../services/PictureService.js';
import { picture } from './schemas/menuParts.js';
import { pictureParams, pictureUpload } from './schemas/picture.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { isKnown } from './support/etags.js';

const TAG = 'Pictures';
const MAX_BYTES = 15_000_000;

export function pictureEndpoints({ pictures }: { pictures: PictureService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/pictures',
      name: 'uploadPicture',
      tag: TAG,
      summary: 'Upload a picture of a dish',
      description:
        'Name its `id` as `pictureId` of menu items within a day; a picture that no dish has is removed. ' +
        'Servio keeps three sizes as WebP, upright and without metadata. The same bytes again are the same picture.',
      access: 'menu:write',
      limit: 'uploads',
      upload: async (request, response) => ({
        file: await readFiles(request, response, {
          part: 'file',
          maxFiles: 1,
          maxFileBytes: MAX_BYTES,
          takeIn: (stream) => pictures.takeIn(stream),
          digestOf: (file) => file.sha256,
        }),
      }),
      body: pictureUpload,
      status: 201,
      response: picture,
      handle: ({ call, body }) => pictures.add(call, body.file[0].file),
    }),
    endpoint({
      method: 'get',
      path: '/v1/pictures/{name}/{size}.webp',
      name: 'getPicture',
      tag: TAG,
      summary: 'Get a size of a picture',
      description: 'Needs no login: the address is as hard to guess as a key. It may be cached for good.',
      access: 'public',
      limit: 'pictures',
      params: pictureParams,
      produces: ['image/webp'],
      etag: 'content',
      handle: async ({ params: { name, size }, request, response }) => {
        const etag = `"${name}-${size}"`;
        response.set('etag', etag).set('cache-control', 'public, max-age=31536000, immutable');
        // Web shops on other addresses show it.
        response.set('cross-origin-resource-policy', 'cross-origin');
        if (isKnown(request.headers['if-none-match'], etag)) return void response.status(304).end();
        const bytes = await pictures.read(name, size);
        response.type('image/webp').send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      },
    }),
  ];
}
