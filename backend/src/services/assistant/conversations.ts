import type { Call } from '../../domain/shared/call.js';

/** The person or key that a conversation, a budget and a proposal belong to. */
export function actorOf({ actor }: Call): string {
  return `${actor.kind}:${actor.id}`;
}
