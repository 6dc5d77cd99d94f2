import { Track } from '../../decorators/Performance.js';
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { Fact } from '../../domain/shared/events.js';
import type { Clock } from '../../utils/clock.js';
import type { MemberService } from '../MemberService.js';
import type { Announcer } from '../messaging/Announcer.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Accounts } from './accounts.js';
import type { Passwords } from './passwords.js';
import { inEachRestaurant, personOf } from './persons.js';

const ONE_CODE_IN_MS = 5 * 60_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  accounts: Accounts;
  passwords: Passwords;
  members: Pick<MemberService, 'restaurantsOf' | 'followAddress'>;
  announcer: Announcer;
  clock: Clock;
}

/**
 * The way of a person to another e-mail address: asked for with the password, confirmed by the code
 * that only the new mailbox has. The sessions stay: none was begun with the old mailbox, and
 * whoever did not ask needs theirs to set a new password.
 */
export class AddressChange {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Mails a code to the new address and a notice to the old one.
   * @throws AppError messages_not_configured without a mail server; forbidden for an API key;
   *   invalid_request at `/password` and `/email`; email_taken; invalid_state; overloaded;
   *   rate_limited when a code for this address was mailed in the last minutes.
   */
  @Track('account.askForAddress')
  async ask(call: Call, { email, password }: { email: string; password: string }): Promise<void> {
    const { unitOfWork, accounts, passwords, announcer } = this.#deps;
    if (!announcer.isOn)
      throw new AppError(
        'messages_not_configured',
        'This server sends no mail, so a new address cannot be proven. Ask its operator to set SMTP_URL.',
        { retryAfterSeconds: 3_600 },
      );
    const { userId } = personOf(call);
    const read = <T>(work: (tx: Tx) => Promise<T>) => unitOfWork.read(call, work);
    const { passwordHash: oldHash } = await read((tx) => accounts.findCredentials(tx, userId));
    const isRight = await passwords.verifyOrPretend(oldHash, password);
    const login = isRight && (await accounts.login(read, email, password));
    await unitOfWork.run(call, async (tx) => {
      // Thrown here and not earlier: a repetition with an Idempotency-Key gets its stored answer,
      // also after the password was changed.
      if (!login || oldHash === undefined)
        throw invalid('/password', 'This is not your current password.', 'wrong_password');
      await accounts.lock(tx, userId);
      const user = await accounts.find(tx, userId);
      if (user.email.toLowerCase() === email.toLowerCase())
        throw invalid('/email', 'This is your address already. Give another one.', 'own_address');
      const change = accounts.mintAddress();
      await accounts.offerAddress(tx, userId, { oldHash, login, ...change });
      const period = this.#period();
      if (!(await announcer.mayChangeAddress(call.restaurantId, tx, user, { email, ...change }, period.name)))
        throw new AppError('rate_limited', 'A code for this address was mailed a moment ago. Look for that mail.', {
          retryAfterSeconds: period.secondsLeft,
        });
      await unitOfWork.record(tx, call, [factOf('account.email_asked', userId)]);
    });
  }

  /**
   * Gives the account its new address, in all of its restaurants, and proves it.
   * @throws AppError invalid_token when the token is unknown, used, replaced or expired, and when
   *   the password was changed since; email_taken when another account has proven the address.
   */
  @Track('account.confirmAddress')
  confirm(call: Call, token: string): Promise<void> {
    const { unitOfWork, accounts, members } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const change = await accounts.takeAddress(tx, token);
      if (!change)
        throw new AppError(
          'invalid_token',
          'This code is unknown, used, replaced or expired. Ask for a new one in your profile.',
        );
      const { userId, oldEmail: from, email: to } = change;
      const person: Call = { ...call, actor: { kind: 'user', id: userId } };
      const fact = { ...factOf('account.email_changed', userId), changes: { email: { from, to } } };
      await inEachRestaurant(tx, members, { call, userId }, async (restaurantId) => {
        await members.followAddress(tx, restaurantId, userId);
        await unitOfWork.record(tx, person, [fact], restaurantId);
      });
    });
  }

  /** The span in which an address gets one code. */
  #period(): { name: string; secondsLeft: number } {
    const nowMs = this.#deps.clock().getTime();
    const number = Math.floor(nowMs / ONE_CODE_IN_MS);
    return { name: String(number), secondsLeft: Math.ceil(((number + 1) * ONE_CODE_IN_MS - nowMs) / 1_000) };
  }
}

function factOf(type: 'account.email_asked' | 'account.email_changed', userId: string): Fact {
  return { type, subject: 'account', subjectId: userId, data: { userId } };
}
