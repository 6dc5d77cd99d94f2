import { AppError } from '../domain/shared/errors.js';
import type { SignedLinks } from '../services/auth/SignedLinks.js';
import { linkToken, newLink, signedLink } from './schemas/link.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { LINKS } from './support/linkedRequests.js';
import { LinkTargets } from './support/linkTargets.js';

/** @param endpoints among which the files are. */
export function linkEndpoints({ links }: { links: SignedLinks }, endpoints: readonly Endpoint[]): Endpoint[] {
  const targets = new LinkTargets(endpoints);
  return [
    endpoint({
      method: 'post',
      path: '/v1/links',
      name: 'createLink',
      tag: 'Links',
      summary: 'Get a short link to a file',
      description:
        'For a page or printer that can send no `Authorization` header: PDFs, receipts, pictures, electronic invoices. The link has your rights when it is used: it ends with your session, membership or key, and after `expiresIn`. Its calls count as yours. You need the scope of the file.',
      access: 'member',
      body: newLink,
      status: 201,
      response: signedLink,
      handle: async ({ call, body }) => {
        const { token, expiresAt } = await links.sign(call, targets.find(call, body), body.expiresIn);
        return { url: LINKS + token, expiresAt };
      },
    }),
    endpoint({
      method: 'get',
      path: `${LINKS}{token}`,
      name: 'openLink',
      tag: 'Links',
      summary: 'Read the file of a link',
      description:
        'Needs no credential. The answers are those of the file’s own path, but no cache keeps them. `401 invalid_token`: the link was changed or has expired, or its maker has no rights any more.',
      access: 'public',
      params: linkToken,
      produces: targets.types,
      mayForbid: true,
      handle: async () => {
        // A valid link never comes here: see `openLinks`.
        throw new AppError(
          'invalid_token',
          'This link was changed or has expired. Open it again from where you found it.',
        );
      },
    }),
  ];
}
