/** Sends messages, in the background of a process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessagingService } from '../services/MessagingService.js';
import type { Nudge } from '../utils/nudge.js';

/** How often it looks without a nudge: for messages of other processes, and those that wait. */
const LOOK_EVERY_MS = 1_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

interface Services {
  messaging: Pick<MessagingService, 'dispatch'>;
  /** Given after each commit that wrote a message. */
  messagesWritten: Nudge;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the sending and resolves when the pass in progress has ended. */
export function keepSendingMessages({ messaging, messagesWritten, log }: Services): () => Promise<void> {
  let isStopping = false;
  let failures = 0;
  const pass = async (): Promise<void> => {
    try {
      await messaging.dispatch(() => isStopping);
      failures = 0;
    } catch (error) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      log.warn({ err: error, pauseMs }, 'messages not sent, will try again');
      await sleep(pauseMs, undefined, { ref: false });
    }
  };
  const ended = (async () => {
    while (!isStopping) {
      await messagesWritten.wait(LOOK_EVERY_MS);
      if (!isStopping) await pass();
    }
  })();
  return () => {
    isStopping = true;
    messagesWritten.give();
    return ended;
  };
}
