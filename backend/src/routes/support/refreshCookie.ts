/**
 * Sessions of pages in a browser: the refresh token is in a cookie that no script can read, and the
 * access token in the memory of the page. `Bearer` stays the only credential of all other calls, so
 * another site can at most aim at the few calls that use the cookie.
 */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import { named } from '../../middleware/authenticate.js';
import { flag } from '../schemas/common.js';

/** `__Host-`: only this host can set it, over https or from the machine itself. */
const NAME = '__Host-servio_refresh';
const TERMS = 'Path=/; Secure; HttpOnly; SameSite=Strict';
/** As long as a session lasts at most. */
const MAX_AGE_SECONDS = 30 * 24 * 3_600;

export const cookieQuery = z.strictObject({
  cookie: flag.optional().meta({
    description:
      'true: for pages of Servio itself. The refresh token is in a cookie that scripts cannot read, and not in the answer.',
  }),
});

interface Exchange {
  query: z.output<typeof cookieQuery>;
  call: Call;
  request: Request;
  response: Response;
}

/**
 * Runs work that starts or continues a session. With `?cookie=true`, the refresh token goes into
 * the cookie instead of the answer.
 * @throws AppError forbidden when another page asks for it.
 */
export async function inCookie<T extends { refreshToken?: string | undefined }>(
  { query, call, request, response }: Exchange,
  work: () => Promise<T>,
): Promise<T> {
  if (!query.cookie) return work();
  expectOwnPage(request);
  call.isBrowser = true;
  const { refreshToken, ...entry } = await work();
  if (refreshToken !== undefined) setCookie(response, `${NAME}=${refreshToken}; Max-Age=${MAX_AGE_SECONDS}`);
  // Only `refreshToken`, which may be absent, is taken away.
  return entry as T;
}

/**
 * Runs work that starts a session in another restaurant. A page in a browser has one cookie, so its
 * session before ends with `?cookie=true`.
 * @throws AppError forbidden when another page asks for it.
 */
export function moveTo<T extends { refreshToken?: string | undefined }>(
  exchange: Exchange,
  work: (call: Call, endsCurrent: boolean) => Promise<T>,
): Promise<T> {
  const { query, call, request } = exchange;
  const endsCurrent = query.cookie === true && call.isBrowser === true;
  return inCookie(exchange, () => work({ ...call, ...named(request) }, endsCurrent));
}

/**
 * The refresh token of a request: of its body, or with `?cookie=true` of its cookie.
 * @returns an empty text when there is none, or when another page sends the cookie.
 */
export function refreshTokenFrom(request: Request, body: { refreshToken?: string | undefined }): string {
  if (request.query['cookie'] !== 'true') return body.refreshToken ?? '';
  return isOwnPage(request) ? (cookieOf(request) ?? '') : '';
}

/**
 * Runs a refresh with the token of the body or of the cookie. A cookie whose session is over is
 * removed.
 * @throws AppError invalid_request unless there is exactly one token; errors of the work.
 */
export async function refreshFrom<T>(
  { query, body, request, response }: Omit<Exchange, 'call'> & { body: { refreshToken?: string | undefined } },
  work: (refreshToken: string) => Promise<T>,
): Promise<T> {
  if ((body.refreshToken !== undefined) === (query.cookie === true))
    throw invalid('/refreshToken', 'Give the refresh token, or send ?cookie=true if it is in the cookie.');
  try {
    return await work(refreshTokenFrom(request, body));
  } catch (error) {
    const isOver = error instanceof AppError && /^(?:invalid_token|token_reused)$/.test(error.code);
    if (isOver && query.cookie) clearCookie(response);
    throw error;
  }
}

/** @throws AppError forbidden unless a page of this origin asks. */
export function expectOwnPage(request: Request): void {
  if (isOwnPage(request)) return;
  throw new AppError(
    'forbidden',
    'Only a page of Servio itself may use ?cookie=true: its browser says "Sec-Fetch-Site: same-origin". Leave it out, and keep the refresh token yourself.',
  );
}

export function clearCookie(response: Response): void {
  setCookie(response, `${NAME}=; Max-Age=0`);
}

/**
 * Browsers set this header, and scripts cannot. SameSite is not enough: a page on another port of
 * the host is the same site, and sends the cookie.
 */
function isOwnPage(request: Request): boolean {
  return request.get('sec-fetch-site') === 'same-origin';
}

function cookieOf(request: Request): string | undefined {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}

function setCookie(response: Response, pair: string): void {
  response.append('set-cookie', `${pair}; ${TERMS}`);
}
