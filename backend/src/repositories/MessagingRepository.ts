import { query, type Tx } from '../config/database.js';
import type { TemplateKind } from '../domain/message/message.js';
import type { PrintLanguage } from '../domain/restaurant/printLanguage.js';
import type { Edited } from '../domain/shared/edited.js';
import { CallTable } from './messaging/CallTable.js';
import { ConsentTable } from './messaging/ConsentTable.js';
import { MessageTable } from './messaging/MessageTable.js';
import { PlainTable } from './plainTable.js';

export interface MessageTemplate extends Edited {
  kind: TemplateKind;
  language: PrintLanguage;
  body: string;
}

export interface MessageSettings {
  orderReady: boolean;
  digestTo: string[];
  dayCloseTo: string[];
  quietFrom: string;
  quietTo: string;
  answersCalls: boolean;
  transferTo: string | null;
  pausedAt: string | null;
  pauseCode: number | null;
  version: number;
}

/** A fact that a message may follow from. */
export interface MessageCause {
  position: number;
  type: string;
  subjectId: string;
  data: Record<string, unknown>;
}

const TAKEN = 'There is a template of this kind in this language already. Change that one.';

const findTemplate = query<{ body: string }>(
  'messaging.findTemplate',
  `select body from message_templates
   where restaurant_id = $1 and kind = $2 and language = $3 and deleted_at is null`,
);

const findSettings = query<MessageSettings>(
  'messaging.findSettings',
  `select order_ready as "orderReady", digest_to as "digestTo", day_close_to as "dayCloseTo", quiet_from as "quietFrom",
     quiet_to as "quietTo", answers_calls as "answersCalls", transfer_to as "transferTo", paused_at as "pausedAt",
     pause_code as "pauseCode", version
   from message_settings
   where restaurant_id = $1`,
);

const saveSettings = query(
  'messaging.saveSettings',
  `insert into message_settings (restaurant_id, order_ready, digest_to, day_close_to, quiet_from, quiet_to, answers_calls,
     transfer_to, paused_at, pause_code, version, updated_at)
   values ($1, $2, $3::text[], $4::text[], $5, $6, $7, $8, $9, $10, $11, $12)
   on conflict (restaurant_id) do update set order_ready = $2, digest_to = $3::text[], day_close_to = $4::text[],
     quiet_from = $5, quiet_to = $6, answers_calls = $7, transfer_to = $8, paused_at = $9, pause_code = $10, version = $11,
     updated_at = $12`,
);

const pause = query(
  'messaging.pause',
  `insert into message_settings (restaurant_id, paused_at, pause_code, updated_at)
   values ($1, $2, $3, $2)
   on conflict (restaurant_id) do update set paused_at = coalesce(message_settings.paused_at, $2), pause_code = $3,
     version = message_settings.version + 1, updated_at = $2`,
);

const listCauses = query<MessageCause>(
  'messaging.listCauses',
  `select position, type, subject_id as "subjectId", data
   from message_causes
   where restaurant_id = $1 and not position = any ($3::bigint[])
   order by position
   limit $2
   for update skip locked`,
);

const removeCauses = query(
  'messaging.removeCauses',
  'delete from message_causes where restaurant_id = $1 and position = any ($2::bigint[])',
);

const listDue = query<{ id: string }>(
  'messaging.listDue',
  'select due_restaurant_id as id from restaurants_with_messages($1, $2, $3)',
);

const listOfPhone = query<{ id: string }>(
  'messaging.listOfPhone',
  'select found_restaurant_id as id from restaurants_of_phone($1)',
);

const findOfCalls = query<{ id: string | null }>('messaging.findOfCalls', 'select restaurant_of_calls() as id');

const forget = query<{ last: string | null }>('messaging.forget', 'select forget_talk($1, $2, $3) as last');

const noteInbox = query(
  'messaging.noteInbox',
  `insert into message_inbox (restaurant_id, provider_id, sender, meaning, created_at)
   values ($1, $2, $3, $4, $5)
   on conflict do nothing`,
);

export class MessagingRepository {
  readonly messages = new MessageTable();
  readonly consents = new ConsentTable();
  readonly calls = new CallTable();
  readonly templates = new PlainTable<MessageTemplate>({
    noun: 'messageTemplate',
    table: 'message_templates',
    columns: { kind: 'kind', language: 'language', body: 'body' },
    taken: { message_templates_kind_key: { pointer: '/kind', message: TAKEN } },
  });

  /** The restaurant's own words, if it has some. */
  async templateOf(
    restaurantId: string,
    tx: Tx,
    kind: TemplateKind,
    language: PrintLanguage,
  ): Promise<string | undefined> {
    return (await tx.maybeOne(findTemplate, [restaurantId, kind, language]))?.body;
  }

  settings(restaurantId: string, tx: Tx): Promise<MessageSettings | undefined> {
    return tx.maybeOne(findSettings, [restaurantId]);
  }

  async saveSettings(restaurantId: string, tx: Tx, settings: MessageSettings, at: Date): Promise<void> {
    const {
      orderReady,
      digestTo,
      dayCloseTo,
      quietFrom,
      quietTo,
      answersCalls,
      transferTo,
      pausedAt,
      pauseCode,
      version,
    } = settings;
    await tx.run(saveSettings, [
      restaurantId,
      orderReady,
      digestTo,
      dayCloseTo,
      quietFrom,
      quietTo,
      answersCalls,
      transferTo,
      pausedAt,
      pauseCode,
      version,
      at,
    ]);
  }

  /** Stops all texts of a restaurant until a person resumes them. */
  async pause(restaurantId: string, tx: Tx, code: number, at: Date): Promise<void> {
    await tx.run(pause, [restaurantId, at, code]);
  }

  /** Takes causes, oldest first, but the known ones; another worker's are left out. */
  causes(restaurantId: string, tx: Tx, most: number, known: readonly number[]): Promise<MessageCause[]> {
    return tx.many(listCauses, [restaurantId, most, known]);
  }

  async removeCauses(restaurantId: string, tx: Tx, positions: readonly number[]): Promise<void> {
    await tx.run(removeCauses, [restaurantId, positions]);
  }

  /** Restaurants after `behind` in id order that have something to do. */
  async due(tx: Tx, at: Date, behind: string, most: number): Promise<string[]> {
    return (await tx.many(listDue, [at, behind, most])).map(({ id }) => id);
  }

  /** Restaurants that know a number. */
  async ofPhone(tx: Tx, phone: string): Promise<string[]> {
    return (await tx.many(listOfPhone, [phone])).map(({ id }) => id);
  }

  /** The restaurant that answers calls. */
  async ofCalls(tx: Tx): Promise<string | undefined> {
    return (await tx.one(findOfCalls, [])).id ?? undefined;
  }

  /** Removes what is older than promised. @returns the last restaurant that was looked at. */
  async forget(tx: Tx, at: Date, behind: string, most: number): Promise<string | undefined> {
    return (await tx.one(forget, [at, behind, most])).last ?? undefined;
  }

  /** @returns false when this text has come before. */
  async note(
    restaurantId: string,
    tx: Tx,
    text: { id: string; sender: string; meaning: string },
    at: Date,
  ): Promise<boolean> {
    return (await tx.run(noteInbox, [restaurantId, text.id, text.sender, text.meaning, at])) > 0;
  }
}
