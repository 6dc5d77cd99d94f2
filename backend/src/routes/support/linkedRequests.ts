import type { Request, RequestHandler, Response } from 'express';
import { stateOf } from '../../middleware/requestContext.js';
import type { SignedLinks } from '../../services/auth/SignedLinks.js';

export const LINKS = '/v1/links/';

/**
 * Turns the request of a valid link into that of its file, with the rights of its maker. All other
 * requests stay as they are; a link that is not valid meets its own endpoint, which refuses it.
 * The log has the route of the file and never the link.
 */
export function openLinks(links: SignedLinks): RequestHandler {
  return (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const link = isRead && request.url.startsWith(LINKS) ? links.open(request.url.slice(LINKS.length)) : undefined;
    if (link) {
      stateOf(request).linkMaker = link.maker;
      request.url = link.path;
      request.headers = { host: request.headers.host, accept: link.accept, ...addressOf(request) };
      keepPrivate(response);
    }
    next();
  };
}

/** Behind a proxy, by which address the caller is counted. */
function addressOf({ headers }: Request): Request['headers'] {
  const name = 'x-forwarded-for';
  return headers[name] === undefined ? {} : { [name]: headers[name] };
}

/** The file must be in no cache, whatever its endpoint says: the link is its only lock. */
function keepPrivate(response: Response): void {
  const writeHead = response.writeHead.bind(response);
  // One of several signatures, which are all passed on as they are.
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    response.setHeader('cache-control', 'private, no-store');
    response.setHeader('referrer-policy', 'no-referrer');
    response.removeHeader('etag');
    return writeHead(...args);
  }) as typeof response.writeHead;
}
