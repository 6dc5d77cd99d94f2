import type { Tx } from '../../config/database.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import type { Outbox } from './Outbox.js';

/**
 * Mails of accounts, written in the transaction that makes their secret: it is stored nowhere else.
 */
export class Announcer {
  readonly #outbox: Outbox;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  get isOn(): boolean {
    return this.#outbox.can('email');
  }

  async invited(
    restaurantId: string,
    tx: Tx,
    person: { email: string; name: string; restaurant: string },
    invitation: { token: string; expiresAt: string },
  ): Promise<void> {
    const { email, name, restaurant } = person;
    await this.#outbox.add(restaurantId, tx, {
      kind: 'invitation',
      to: email,
      cause: invitation.expiresAt,
      fields: { restaurant, name, token: invitation.token, expiresAt: readable(invitation.expiresAt) },
    });
  }

  /** @returns false when a mail for this account was written a moment ago. */
  async mayReset(
    restaurantId: string,
    tx: Tx,
    account: { id: string; email: string; restaurants: readonly string[] },
    reset: { token: string; expiresAt: Date },
    /** One mail for each. */
    period: string,
  ): Promise<boolean> {
    const id = await this.#outbox.add(restaurantId, tx, {
      kind: 'password_reset',
      to: account.email,
      cause: `${account.id} ${period}`,
      fields: {
        restaurants: account.restaurants.join(', '),
        token: reset.token,
        expiresAt: readable(reset.expiresAt.toISOString()),
      },
    });
    return id !== undefined;
  }

  /**
   * A code to the new address of an account, and a notice to the old one.
   * @returns false when a code for this address was written a moment ago.
   */
  async mayChangeAddress(
    restaurantId: string,
    tx: Tx,
    { id, email, name, language }: { id: string; email: string; name: string; language: PrintLanguage | null },
    change: { email: string; token: string; expiresAt: Date },
    /** One code for each. */
    period: string,
  ): Promise<boolean> {
    const cause = `${id} ${period}`;
    const of = { cause, ...(language ? { language } : {}) };
    const expiresAt = readable(change.expiresAt.toISOString());
    const code = await this.#outbox.add(restaurantId, tx, {
      ...of,
      kind: 'email_change',
      to: change.email,
      fields: { name, token: change.token, expiresAt },
    });
    if (code === undefined) return false;
    const notice = { name, email: change.email };
    await this.#outbox.add(restaurantId, tx, {
      ...of,
      kind: 'email_change_notice',
      to: email,
      cause: `${cause} ${change.email}`,
      fields: notice,
    });
    return true;
  }
}

function readable(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
