import { query, type Tx } from '../../config/database.js';
import type { Channel, MessageKind, MessageStatus } from '../../domain/message/message.js';

export interface Message {
  id: string;
  kind: MessageKind;
  channel: Channel;
  recipient: string;
  language: string;
  status: MessageStatus;
  errorCode: number | null;
  reason: string | null;
  segments: number | null;
  attempts: number;
  subjectId: string | null;
  createdAt: string;
  sentAt: string | null;
  updatedAt: string;
}

/** A message that the worker has taken. */
export interface TakenMessage extends Message {
  sealed: Buffer | null;
  reference: string;
  cause: string;
  handedAt: string | null;
  expiresAt: string;
  retryOf: string | null;
  /** Its state before it was taken. */
  was: MessageStatus;
}

export interface NewMessage {
  id: string;
  kind: MessageKind;
  channel: Channel;
  recipient: string;
  language: string;
  sealed: Buffer;
  reference: string;
  subjectId: string | null;
  cause: string;
  segments: number | null;
  dueAt: Date;
  expiresAt: Date;
  retryOf: string | null;
}

/** What becomes of a message. */
export interface MessageChange {
  status: MessageStatus;
  providerId?: string | undefined;
  errorCode?: number | undefined;
  reason?: string | undefined;
  nextAttemptAt?: Date | undefined;
  /** It only waits for the morning, so it holds up no other. */
  isHeld?: boolean;
  isSent?: boolean;
  forgetText?: boolean;
}

const LIVE = `('queued', 'sending', 'unknown')`;
const COLUMNS = `id, kind, channel, recipient, language, status, error_code as "errorCode", reason, segments, attempts,
  subject_id as "subjectId", created_at as "createdAt", sent_at as "sentAt", updated_at as "updatedAt"`;

const insertMessage = query(
  'message.insert',
  `insert into messages (restaurant_id, id, kind, channel, recipient, language, sealed, reference, subject_id, cause, status,
     segments, next_attempt_at, expires_at, retry_of, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', $11, $12, $13, $14, $15, $15)
   on conflict (restaurant_id, kind, cause, recipient) do nothing`,
);

// In order for each recipient: one waits for the earlier ones that are on their way. One that waits
// for the morning, or for its second try, holds up no other.
const takeMessages = query<TakenMessage>(
  'message.take',
  `with due as (
     select m.id, m.status
     from messages m
     where m.restaurant_id = $1 and m.status in ${LIVE} and m.next_attempt_at <= $2
       and (m.channel = 'email' or not $5)
       and not exists (
         select from messages e
         where e.restaurant_id = $1 and e.recipient = m.recipient and e.status in ${LIVE} and e.id < m.id
           and e.retry_of is null and e.next_attempt_at < '9000-01-01'
           and (e.status <> 'queued' or e.attempts > 0 or e.next_attempt_at <= $2)
       )
     order by m.id
     limit $3
     for update of m skip locked
   )
   update messages m
   set status = case when m.status = 'queued' then 'sending' else m.status end, attempts = m.attempts + 1,
     handed_at = coalesce(m.handed_at, $2), next_attempt_at = $4, updated_at = $2
   from due
   where m.restaurant_id = $1 and m.id = due.id
   returning m.id, m.kind, m.channel, m.recipient, m.language, m.status, m.error_code as "errorCode", m.reason, m.segments,
     m.attempts, m.subject_id as "subjectId", m.created_at as "createdAt", m.sent_at as "sentAt",
     m.updated_at as "updatedAt", m.sealed, m.reference, m.cause, m.handed_at as "handedAt", m.expires_at as "expiresAt",
     m.retry_of as "retryOf", due.status as was`,
);

// The lease of the one that took it: a worker that was frozen changes nothing any more.
const settleMessage = query(
  'message.settle',
  `update messages
   set status = $3, provider_id = coalesce($4, provider_id), error_code = coalesce($5, error_code), reason = coalesce($6, reason),
     next_attempt_at = coalesce($7, next_attempt_at), sent_at = case when $8 then $9 else sent_at end,
     sealed = case when $10 then null else sealed end, updated_at = $9,
     handed_at = case when $3 = 'queued' then null else handed_at end, attempts = case when $12 then 0 else attempts end
   where restaurant_id = $1 and id = $2 and attempts = $11 and status in ${LIVE}`,
);

const lockMessage = query<Message & Pick<TakenMessage, 'sealed' | 'reference' | 'cause' | 'retryOf'>>(
  'message.lock',
  `select ${COLUMNS}, sealed, reference, cause, retry_of as "retryOf"
   from messages
   where restaurant_id = $1 and id = $2
   for update`,
);

const reportMessage = query(
  'message.report',
  `update messages
   set status = $3, provider_id = coalesce($4, provider_id), error_code = coalesce($5, error_code),
     sent_at = coalesce(sent_at, $6), updated_at = $6
   where restaurant_id = $1 and id = $2`,
);

const findMessage = query<Message>(
  'message.find',
  `select ${COLUMNS} from messages where restaurant_id = $1 and id = $2`,
);

const listMessages = query<Message>(
  'message.list',
  `select ${COLUMNS} from messages where restaurant_id = $1 and id < $2 order by id desc limit $3`,
);

const suppressOf = query(
  'message.suppressOf',
  `update messages
   set status = 'suppressed', reason = 'no_consent', sealed = null, updated_at = $3
   where restaurant_id = $1 and recipient = $2 and channel = 'sms' and status = 'queued'`,
);

export class MessageTable {
  /** @returns false when the same cause has made one before. */
  async insert(restaurantId: string, tx: Tx, message: NewMessage, at: Date): Promise<boolean> {
    const { id, kind, channel, recipient, language, sealed, reference, subjectId, cause } = message;
    const { segments, dueAt, expiresAt, retryOf } = message;
    const what = [id, kind, channel, recipient, language, sealed, reference, subjectId, cause];
    return (await tx.run(insertMessage, [restaurantId, ...what, segments, dueAt, expiresAt, retryOf, at])) > 0;
  }

  /** Takes messages that are due, until `leaseEnd`. @param isPaused leaves texts out. */
  take(
    restaurantId: string,
    tx: Tx,
    { at, most, leaseEnd, isPaused }: { at: Date; most: number; leaseEnd: Date; isPaused: boolean },
  ): Promise<TakenMessage[]> {
    return tx.many(takeMessages, [restaurantId, at, most, leaseEnd, isPaused]);
  }

  /** @returns false when the lease has been lost. */
  async settle(restaurantId: string, tx: Tx, taken: TakenMessage, change: MessageChange, at: Date): Promise<boolean> {
    const {
      status,
      providerId,
      errorCode,
      reason,
      nextAttemptAt,
      isSent = false,
      forgetText = false,
      isHeld = false,
    } = change;
    const values = [
      providerId ?? null,
      errorCode ?? null,
      reason ?? null,
      nextAttemptAt ?? null,
      isSent,
      at,
      forgetText,
    ];
    return (await tx.run(settleMessage, [restaurantId, taken.id, status, ...values, taken.attempts, isHeld])) > 0;
  }

  lock(restaurantId: string, tx: Tx, id: string) {
    return tx.maybeOne(lockMessage, [restaurantId, id]);
  }

  /** Stores the state that a provider reported. */
  async report(
    restaurantId: string,
    tx: Tx,
    id: string,
    { status, providerId, errorCode }: Pick<MessageChange, 'status' | 'providerId' | 'errorCode'>,
    at: Date,
  ): Promise<void> {
    await tx.run(reportMessage, [restaurantId, id, status, providerId ?? null, errorCode ?? null, at]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Message | undefined> {
    return tx.maybeOne(findMessage, [restaurantId, id]);
  }

  /** Newest first. */
  list(restaurantId: string, tx: Tx, before: string, limit: number): Promise<Message[]> {
    return tx.many(listMessages, [restaurantId, before, limit]);
  }

  /** Drops what waits for a number that has said STOP. */
  async suppressOf(restaurantId: string, tx: Tx, phone: string, at: Date): Promise<void> {
    await tx.run(suppressOf, [restaurantId, phone, at]);
  }
}
