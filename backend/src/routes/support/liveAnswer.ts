/** Answers that last: they wait for events, or are as long as their reader is slow. */
import type { Request, Response } from 'express';
import { stateOf } from '../../middleware/requestContext.js';
import { Turn } from '../../utils/turn.js';

/** Marks the answer: it takes no place from the requests at work, and its time is not measured. */
export function lastLong(request: Request): void {
  Turn.of(request)?.end();
  stateOf(request).isWaiting = true;
}

/**
 * Sends the head of a stream of server-sent events. Proxies must neither store, compress nor buffer
 * it. Its connection takes no other request, so it closes with the stream.
 */
export function openEventStream(response: Response): Response {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  return response;
}
