/**
 * `servio account list | reset --email mia@example.com`: an operator restores a person's access to
 * an account.
 */
import { parseArgs } from 'node:util';
import type { AccountService, KnownAccount } from '../services/auth/AccountService.js';
import { type CommandStreams, DONE, FAILED, WRONG_USAGE } from './command.js';

export const ACCOUNT_USAGE = 'servio account list|reset --email ADDRESS [--account ID]';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Services {
  account: Pick<AccountService, 'ofAddress' | 'reset'>;
}

interface Options {
  command: 'list' | 'reset';
  email: string;
  accountId: string | undefined;
}

/** @returns the exit code: 0 when it is done; 1 when the account is unclear; 2 for wrong usage. */
export async function resetAccount(
  argv: readonly string[],
  services: Services,
  streams: CommandStreams,
): Promise<number> {
  const options = readOptions(argv);
  if ('fault' in options) {
    streams.err.write(`${options.fault}\nUsage: ${ACCOUNT_USAGE}\n`);
    return WRONG_USAGE;
  }
  const { command, email, accountId } = options;
  const all = await services.account.ofAddress(email, accountId);
  if (command === 'list') {
    streams.out.write(all.length === 0 ? `No account has the address ${email}.\n` : all.map(describe).join(''));
    return DONE;
  }
  const [only, ...others] = all;
  if (!only || others.length > 0) {
    streams.err.write(
      only
        ? `Several accounts have this address: name one with --account.\n${all.map(describe).join('')}`
        : 'No such account.\n',
    );
    return FAILED;
  }
  const { token, expiresAt } = await services.account.reset(only);
  streams.out.write(
    [
      `The password of ${only.email} (${only.id}) is void and its sessions have ended.`,
      `Give this token to the owner of the address and to nobody else. It is valid once, until ${expiresAt.toISOString()}:`,
      token,
      `Use it with POST /v1/auth/reset-password {"token": "...", "password": "..."}.`,
      '',
    ].join('\n'),
  );
  return DONE;
}

function readOptions(argv: readonly string[]): Options | { fault: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { email: { type: 'string' }, account: { type: 'string' } },
    });
    const [command, ...rest] = positionals;
    if ((command !== 'list' && command !== 'reset') || rest.length > 0) return { fault: 'Use list or reset.' };
    if (values.email === undefined) return { fault: 'Name the address with --email.' };
    if (values.account !== undefined && !UUID.test(values.account))
      return { fault: 'Give the account as its id; the list shows it.' };
    return { command, email: values.email.trim(), accountId: values.account };
  } catch (error) {
    // parseArgs names the option that it does not know.
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function describe({ id, name, createdAt, isProven, restaurants }: KnownAccount): string {
  const where = restaurants.length === 0 ? 'no restaurant' : restaurants.join(', ');
  return `${id}  ${name}  since ${createdAt.slice(0, 10)}  ${isProven ? 'proven' : 'not proven'}  ${where}\n`;
}
