import { fileURLToPath } from 'node:url';
import { type Request, type Response, Router } from 'express';
import helmet from 'helmet';
import { BuiltPages, type BuiltFile } from './support/builtPages.js';
import { isKnown } from './support/etags.js';

/** Beside the compiled source, where the build writes it. */
const FOLDER = fileURLToPath(new URL('../../console/', import.meta.url));
/** Names of assets contain a digest of their content. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** A page is asked for again each time, because it names the assets of the newest build. */
const ASK_AGAIN = 'no-cache';

const SELF = ["'self'"];
const PAGE_HEADERS = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': SELF,
      'style-src': SELF,
      'img-src': [...SELF, 'blob:', 'data:'],
      'connect-src': SELF,
      'font-src': SELF,
      'manifest-src': SELF,
      'base-uri': ["'none'"],
      'form-action': SELF,
      'frame-ancestors': ["'none'"],
      'require-trusted-types-for': ["'script'"],
    },
  },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
});
/** A kitchen screen stays on and fills the wall; a phone at the door photographs an invoice. */
const PERMISSIONS =
  'screen-wake-lock=(self), fullscreen=(self), camera=(self), autoplay=(self), geolocation=(), microphone=(), payment=(), usb=()';

/**
 * Serves the console on the origin of the API, so that it needs no right of another origin.
 *
 * Each address of a screen answers the one page, but only to a browser that asks for a page: an
 * unknown asset is a 404, and never a page that a browser would read as a script.
 * @param pages the build; that of this program if absent.
 */
export function consoleRouter(pages = new BuiltPages(FOLDER)): Router {
  const router = Router();
  router.get('/', (request, response, next) => {
    // Express takes "//" for the same.
    if (request.path !== '/') return next();
    response.set('cache-control', ASK_AGAIN).redirect('/console');
  });
  // Browsers ask for it where a page names no other, such as a PDF.
  router.get('/favicon.ico', (_request, response) => {
    response.set('cache-control', 'public, max-age=86400').redirect('/console/icon.svg');
  });
  router.use('/console', PAGE_HEADERS, (_request, response, next) => {
    // The service worker is in the folder, and also serves the address of the folder itself.
    response.set({ 'permissions-policy': PERMISSIONS, 'service-worker-allowed': '/console' });
    next();
  });
  router.get('/console/assets/:name', async (request, response, next) => {
    const file = await pages.find(`assets/${request.params.name}`);
    if (file) send(request, response, file, FOR_EVER);
    else next();
  });
  router.get(['/console', '/console/*screen'], async (request, response, next) => {
    const name = request.path.slice('/console/'.length);
    const isFile = /\.[^/]*$/.test(name);
    if (!isFile && !wantsPage(request)) return next();
    const file = await pages.find(isFile ? name : 'index.html');
    if (file) send(request, response, file, ASK_AGAIN);
    else next();
  });
  return router;
}

/**
 * A program that asks with `Accept: *\/*` wants no page: a 404 tells it that it has a wrong
 * address.
 */
function wantsPage(request: Request): boolean {
  return (request.get('accept') ?? '').includes('text/html');
}

function send(request: Request, response: Response, file: BuiltFile, caching: string): void {
  response.set({ etag: file.etag, 'cache-control': caching, vary: 'Accept-Encoding' });
  if (isKnown(request.get('if-none-match'), file.etag)) {
    response.status(304).end();
    return;
  }
  const coding = ['br', 'gzip'].find((one) => file.forms.has(one) && request.acceptsEncodings(one) === one);
  const body = file.forms.get(coding ?? 'identity') ?? Buffer.alloc(0);
  if (coding) response.setHeader('content-encoding', coding);
  response.setHeader('content-type', file.type);
  response.setHeader('content-length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}
