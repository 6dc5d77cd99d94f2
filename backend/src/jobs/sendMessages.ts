/** Sends messages, in the background of a process. */
import type { MessagingService } from '../services/MessagingService.js';
import type { Nudge } from '../utils/nudge.js';
import { keepAtIt } from './keepAtIt.js';

export interface MessageSending {
  messaging: Pick<MessagingService, 'dispatch'>;
  /** Given after each commit that wrote a message. */
  messagesWritten: Nudge;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the sending and resolves when the pass in progress has ended. */
export function keepSendingMessages({ messaging, messagesWritten, log }: MessageSending): () => Promise<void> {
  return keepAtIt((isStopping) => messaging.dispatch(isStopping), {
    nudge: messagesWritten,
    lookEveryMs: 1_000,
    log,
    failure: 'messages not sent, will try again',
  });
}
