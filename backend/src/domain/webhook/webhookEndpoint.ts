/** Receivers of webhooks and their limits. */
import type { Edited } from '../shared/edited.js';
import type { EventType } from '../shared/events.js';

/** Endpoints of one restaurant that are not deleted. */
export const MAX_WEBHOOK_ENDPOINTS = 20;

export const WEBHOOK_STATES = ['enabled', 'disabled'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

/**
 * Why an endpoint is disabled: by a person; because it answered 410; because it failed for five
 * days.
 */
export const DISABLED_REASONS = ['switched_off', 'gone', 'failures'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

export interface WebhookEndpoint extends Edited {
  url: string;
  /** Null: all types that the maker may see. */
  types: EventType[] | null;
  /** First words of the types that the maker may see. */
  nouns: string[];
  ordered: boolean;
  description: string | null;
  headerNames: string[];
  /** Verifies `v1a` signatures, as `whpk_<base64>`; null without them. */
  publicKey: string | null;
  state: WebhookState;
  disabledReason: DisabledReason | null;
  disabledAt: string | null;
}

/** The parts of an endpoint that are stored encrypted. */
export interface WebhookSecrets {
  /** The newest first, as `whsec_<base64>`. An old one signs too until `until`. */
  secrets: { text: string; until: string | null }[];
  headers: Record<string, string>;
  /** PKCS 8, base64. */
  signingKey: string | null;
}

export const DELIVERY_STATES = ['waiting', 'delivered', 'given_up'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
