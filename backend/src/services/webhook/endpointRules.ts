/** What callers may ask of an endpoint, and what others may see of it. */
import { visibleNouns, visibleTypes } from '../../domain/event/audience.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { EventType } from '../../domain/shared/events.js';
import type { WebhookEndpoint, WebhookSecrets } from '../../domain/webhook/webhookEndpoint.js';
import { withKeyPair } from './EndpointVault.js';

export interface EndpointRequest {
  url: string;
  types?: readonly EventType[] | null | undefined;
  ordered?: boolean | undefined;
  description?: string | null | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Whether `v1a` signatures are sent too. */
  asymmetric?: boolean | undefined;
}

export type EndpointChange = { [Field in keyof EndpointRequest]?: EndpointRequest[Field] | undefined };

/** What events and the audit log show: nothing of the rights of the maker. */
export function shown({ nouns: _inner, ...endpoint }: WebhookEndpoint): Record<string, unknown> {
  return endpoint;
}

/** @throws AppError forbidden for a type that the caller may not see. */
export function audienceOf(call: Call, types: readonly EventType[] | null): Pick<WebhookEndpoint, 'types' | 'nouns'> {
  const nouns = visibleNouns(call.scopes);
  const wanted = types === null ? null : [...new Set(types)];
  const visible = new Set(visibleTypes(call.scopes, wanted ?? undefined));
  const hidden = wanted?.find((type) => !visible.has(type));
  if (hidden !== undefined)
    throw new AppError('forbidden', `You may not see events of the type "${hidden}". Leave it out.`);
  if (wanted?.length === 0) throw invalid('/types', 'Name at least one type, or leave the field out for all.');
  return { types: wanted, nouns };
}

export function changedSecrets(
  parts: WebhookSecrets,
  before: WebhookEndpoint,
  { headers, asymmetric }: EndpointChange,
): { parts: WebhookSecrets; publicKey: string | null } {
  const next = headers === undefined ? parts : { ...parts, headers: { ...headers } };
  const isSame = asymmetric === undefined || asymmetric === (before.publicKey !== null);
  return isSame ? { parts: next, publicKey: before.publicKey } : withKeyPair(next, asymmetric);
}
