/** Reads a body that must arrive complete, in time and within its size limit. */
import type { Request, Response } from 'express';
import { AppError } from '../domain/shared/errors.js';
import { Turn } from '../utils/turn.js';

/** Counted from the start of the wait for the body. */
const BODY_DEADLINE_MS = 15_000;
/**
 * An upload may take longer than the deadline if each period of that length brings this many bytes.
 */
const LEAST_BYTES_PER_STRETCH = 150_000;

export function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/**
 * Reads the bytes as they were sent. A body above the limit is refused at once.
 * @throws AppError payload_too_large; request_timeout; malformed_request if the body is incomplete;
 *   overloaded.
 */
export async function readBytes(request: Request, response: Response, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return await whileWaiting(request, () => gather(request, response, maxBytes));
}

/**
 * Runs `read`, which takes the body from the request. Meanwhile the request gives up its turn.
 * @throws AppError request_timeout if the body arrives too slowly; overloaded; errors of `read`.
 */
export async function readWithPace<T>(request: Request, response: Response, read: () => Promise<T>): Promise<T> {
  return await whileWaiting(request, async () => {
    let timer: NodeJS.Timeout | undefined;
    const tooSlow = new Promise<never>((_resolve, reject) => {
      let readBefore = request.socket.bytesRead;
      timer = setInterval(() => {
        const { bytesRead } = request.socket;
        if (!request.complete && bytesRead - readBefore < LEAST_BYTES_PER_STRETCH) {
          abortWithConnection(request);
          reject(timedOut(response));
        }
        readBefore = bytesRead;
      }, BODY_DEADLINE_MS);
    });
    try {
      return await Promise.race([read(), tooSlow]);
    } finally {
      clearInterval(timer);
    }
  });
}

/**
 * Ends the request with its connection. Node does not report a closed connection once the request
 * was answered, so a reader that still waits would keep its files.
 */
function abortWithConnection(request: Request): void {
  const { socket } = request;
  if (socket.destroyed) request.destroy();
  else socket.once('close', () => request.destroy());
}

async function whileWaiting<T>(request: Request, read: () => Promise<T>): Promise<T> {
  const turn = request.complete ? undefined : Turn.of(request);
  turn?.pause();
  const result = await read();
  if (turn && !turn.resume())
    throw new AppError('overloaded', 'The server has too many requests now. Nothing was stored; try again shortly.');
  return result;
}

function gather(request: Request, response: Response, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const onData = (piece: Buffer): void => {
      length += piece.length;
      pieces.push(piece);
      if (length > maxBytes) end(() => reject(tooLarge(maxBytes)));
    };
    const onEnd = (): void => end(() => resolve(Buffer.concat(pieces, length)));
    const onGone = (cause?: unknown): void => end(() => reject(notWhole(cause)));
    const timer = setTimeout(() => end(() => reject(timedOut(response))), BODY_DEADLINE_MS);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      // A request that breaks off later must not raise an unhandled error.
      request.on('error', () => undefined);
      // The rest is read and discarded. So the client can read the answer, and the connection stays
      // usable.
      request.resume();
      settle();
    };
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError('payload_too_large', `The body is too large. Send at most ${maxBytes} bytes here.`);
}

function notWhole(cause: unknown): AppError {
  return new AppError('malformed_request', 'The body arrived incomplete. Send it again.', { cause });
}

function timedOut(response: Response): AppError {
  response.set('connection', 'close');
  return new AppError('request_timeout', 'The body did not arrive in time. Nothing was stored; send it again.');
}
