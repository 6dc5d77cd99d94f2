/**
 * Nobody can gain more rights than they have. The tests read the endpoints from /openapi.json and
 * try every write with a key of each single scope, a key of all scopes and each role. Then they
 * compare what is stored with the caller's rights.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { ROLES, type Role, SCOPES, type Scope, scopesOf } from '../../src/domain/people/roles.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { inlined } from '../support/description.js';
import { SchemaSampler } from '../support/sampleBody.js';

const PASSWORD = 'the password of a member';
const HOUR_MS = 3_600_000;

/**
 * All writes whose body names a role or scopes. Add a new one here, with a test of its own below.
 */
const GIVE_RIGHTS = ['PATCH /v1/members/{id}', 'POST /v1/api-keys', 'POST /v1/members'];
/** All whose answer holds something to come in with. Likewise. */
const HAND_OUT_CREDENTIALS = [
  'POST /v1/api-keys',
  'POST /v1/api-keys/{id}/rotate',
  'POST /v1/auth/accept-invitation',
  'POST /v1/auth/login',
  'POST /v1/auth/refresh',
  'POST /v1/auth/register',
  'POST /v1/demo-sessions',
  // The secret of a device lets nobody in: a member with all rights of the kind has to confirm it.
  'POST /v1/devices/pairings',
  'POST /v1/devices/pairings/collect',
  'POST /v1/me/api-key/rotate',
  'POST /v1/me/memberships',
  'POST /v1/me/sessions',
  'POST /v1/members',
  // Lets suppliers send documents, and nothing else.
  'POST /v1/supplier-invoices/mailbox',
  // These sign what Servio sends, and let nobody in.
  'POST /v1/webhook-endpoints',
  'POST /v1/webhook-endpoints/{id}/rotate-secret',
];

interface Operation {
  where: string;
  method: string;
  path: string;
  body: Json;
  answers: Json[];
  /** The scopes of which a caller needs one; none: anybody with a credential. */
  scopes: string[];
  isPublic: boolean;
}

/** A caller with its scopes. Only a person can renew their login. */
interface Caller {
  name: string;
  token: string;
  scopes: ReadonlySet<Scope>;
  /** A person who has ended their own session logs in again. */
  renew?: () => Promise<string>;
}

/** A restaurant with somebody of each kind to lay hands on. */
interface House {
  owner: TestRestaurant;
  memberIds: string[];
  keyId: string;
}

interface StoredRights {
  members: Map<string, { role: Role; status: string }>;
  keys: Map<string, Scope[]>;
}

describe('rights are given by those who have them', () => {
  let api: TestApi;
  let operations: Operation[];
  let sampler: SchemaSampler;
  let aheadMs = 0;

  before(async () => {
    api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
    const document = inlined((await api.get('/openapi.json')).body);
    sampler = new SchemaSampler(document);
    operations = operationsOf(document);
  });
  after(() => api.close());

  const newEmail = () => `${randomUUID()}@example.com`;
  const invite = (token: string, role: string, email = newEmail()) =>
    api.post('/v1/members', { email, name: 'Mia', role }, { token });
  const accept = (token: string) => api.post('/v1/auth/accept-invitation', { token, password: PASSWORD });
  const setRole = (token: string, id: string, role: string, version: number) =>
    api.patch(`/v1/members/${id}`, { role }, { token, headers: { 'if-match': `"${version}"` } });
  const remove = (token: string, id: string) => api.delete(`/v1/members/${id}`, undefined, { token });

  async function join(owner: TestRestaurant, role: string): Promise<{ id: string; email: string; token: string }> {
    const member = expectStatus(201, await invite(owner.token, role));
    const entry = expectStatus(200, await accept(member.invitation.token));
    return { id: member.id, email: member.email, token: entry.accessToken };
  }

  async function key(token: string, scopes: readonly string[], fields: object = {}): Promise<Json> {
    return expectStatus(201, await api.post('/v1/api-keys', { name: 'key', scopes, ...fields }, { token }));
  }

  async function ownMemberId(owner: TestRestaurant): Promise<string> {
    const { data } = expectStatus(200, await api.get('/v1/members?limit=100', { token: owner.token }));
    return data.find((member: Json) => member.userId === owner.userId).id;
  }

  function expectForbidden(answer: Answer, words: RegExp): void {
    assert.deepEqual([answer.status, answer.body?.code], [403, 'forbidden'], answer.text);
    assert.match(answer.body.detail, words);
  }

  function stored({ id }: TestRestaurant): Promise<StoredRights> {
    return withClient(api.database.ownerUrl, async (client) => {
      const members = await client.query<{ id: string; role: Role; status: string }>(
        'select id, role, status from members where restaurant_id = $1',
        [id],
      );
      const keys = await client.query<{ id: string; scopes: Scope[] }>(
        'select id, scopes from api_keys where restaurant_id = $1 and revoked_at is null',
        [id],
      );
      return {
        members: new Map(members.rows.map((row) => [row.id, row])),
        keys: new Map(keys.rows.map((row) => [row.id, row.scopes])),
      };
    });
  }

  // ---- The list of ways

  test('every write that names a role or scopes, and every answer to come in with, has its test here', () => {
    const named = operations.filter(({ body }) => body && enumsOf(body).some(isRight)).map(({ where }) => where);
    assert.deepEqual(named.sort(), GIVE_RIGHTS);
    const handing = operations.filter(({ answers }) => answers.some(holdsCredential)).map(({ where }) => where);
    assert.deepEqual(handing.sort(), HAND_OUT_CREDENTIALS);
  });

  function enumsOf(schema: Json, seen = new Set<string>()): string[] {
    return leavesOf(schema, seen).flatMap(({ leaf }) => leaf.enum ?? leaf.const ?? []);
  }

  const isRight = (word: string) => word === 'owner' || (SCOPES as readonly string[]).includes(word);

  function holdsCredential(schema: Json): boolean {
    return leavesOf(schema, new Set()).some(({ name }) => /^(?:secret|token|accessToken|refreshToken)$/.test(name));
  }

  function leavesOf(schema: Json, seen: Set<string>, name = ''): { name: string; leaf: Json }[] {
    const found = sampler.resolve(schema);
    if (typeof schema.$ref === 'string') {
      if (seen.has(schema.$ref)) return [];
      seen.add(schema.$ref);
    }
    const branches: Json[] = [...(found.anyOf ?? []), ...(found.oneOf ?? []), ...(found.allOf ?? [])];
    return [
      { name, leaf: found },
      ...Object.entries<Json>(found.properties ?? {}).flatMap(([field, inner]) =>
        leavesOf(inner, new Set(seen), field),
      ),
      ...(found.items ? leavesOf(found.items, seen, name) : []),
      ...branches.flatMap((branch) => leavesOf(branch, new Set(seen), name)),
    ];
  }

  // ---- Every write, tried by everybody

  async function house(): Promise<House> {
    const owner = await api.restaurant();
    const staff = await join(owner, 'staff');
    const invited = expectStatus(201, await invite(owner.token, 'owner'));
    const { id: keyId } = await key(owner.token, ['orders:read']);
    return { owner, memberIds: [await ownMemberId(owner), staff.id, invited.id], keyId };
  }

  async function keyOf(owner: TestRestaurant, name: string, scopes: readonly Scope[]): Promise<Caller> {
    return { name, token: (await key(owner.token, scopes)).secret, scopes: new Set(scopes) };
  }

  async function personOf(owner: TestRestaurant, role: Role): Promise<Caller> {
    const { email, token } = await join(owner, role);
    const renew = async () =>
      expectStatus(200, await api.post('/v1/auth/login', { email, password: PASSWORD })).accessToken;
    return { name: role, token, scopes: scopesOf(role, false), renew };
  }

  /**
   * Sends a write to every member, invitation and key that it could apply to, with the highest
   * rights in its body.
   */
  async function attempt({ owner, memberIds, keyId }: House, operation: Operation, caller: Caller): Promise<number> {
    const ids = /members\/\{/.test(operation.path) ? memberIds : [keyId];
    const bodies = operation.body ? ROLES.map((role) => bodyOf(operation.body, role)) : [undefined];
    const different = [...new Map(bodies.map((body) => [JSON.stringify(body), body])).values()];
    let sent = 0;
    for (const id of ids) {
      for (const body of different) {
        const path = operation.path.replaceAll(/\{\w+\}/g, id);
        const version = /members\/\{/.test(path) ? (await api.get(path, { token: owner.token })).body?.version : 1;
        const headers = { 'if-match': `"${version ?? 1}"` };
        const answer = await api.request(operation.method, path, body, { token: caller.token, headers });
        if (answer.body?.code === 'invalid_token' && caller.renew) caller.token = await caller.renew();
        await expectNoGain(owner, answer, caller, operation);
        sent += 1;
      }
    }
    return sent;
  }

  function bodyOf(schema: Json, role: Role): Json {
    const raise = (value: Json, name = ''): Json => {
      if (name === 'scopes' && Array.isArray(value)) return SCOPES;
      if (name === 'role') return role;
      if (name === 'email') return newEmail();
      if (Array.isArray(value)) return value.map((one) => raise(one));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, raise(inner, field)]));
    };
    return raise(sampler.sample(schema, { idAt: () => randomUUID() }));
  }

  /** Whatever an answer can be used to come in with is no more than the caller. */
  async function expectNoGain(owner: TestRestaurant, answer: Answer, caller: Caller, { where }: Operation) {
    let token = answer.body?.accessToken ?? answer.body?.secret;
    const invitation = answer.body?.invitation?.token;
    if (invitation !== undefined) token = (await accept(invitation)).body?.accessToken;
    if (token === undefined) return;
    // It signs webhooks, and lets nobody in.
    if (String(token).startsWith('whsec_'))
      return assert.equal((await api.get('/v1/me', { token })).status, 401, where);
    const me = expectStatus(200, await api.get('/v1/me', { token }));
    if (me.restaurant.id !== owner.id) return;
    assert.notEqual(me.role, 'owner', `${caller.name} became an owner by ${where}`);
    const gained = me.scopes.filter((scope: Scope) => !caller.scopes.has(scope));
    assert.deepEqual(gained, [], `${caller.name} by ${where}`);
  }

  function expectNoMore(before: StoredRights, now: StoredRights, caller: Caller): void {
    for (const [id, { role, status }] of before.members)
      if (role === 'owner')
        assert.deepEqual(now.members.get(id), { id, role, status }, `${caller.name} moved an owner`);
    for (const [id, { role, status }] of now.members) {
      const was = before.members.get(id);
      if (status === 'removed' || was?.role === role) continue;
      const missing = [...scopesOf(role, false)].filter((scope) => !caller.scopes.has(scope));
      assert.deepEqual([role === 'owner', missing], [false, []], `${caller.name} made a ${role}`);
    }
    for (const [id, scopes] of now.keys)
      if (!before.keys.has(id))
        assert.deepEqual(
          scopes.filter((scope) => !caller.scopes.has(scope)),
          [],
          `${caller.name} made a key`,
        );
  }

  async function tryEverything(rooms: House, callerIn: (owner: TestRestaurant) => Promise<Caller>): Promise<number> {
    const caller = await callerIn(rooms.owner);
    const atFirst = await stored(rooms.owner);
    let sent = 0;
    for (const operation of operations) {
      const isOpen =
        operation.scopes.length === 0 || operation.scopes.some((scope) => caller.scopes.has(scope as Scope));
      if (operation.method === 'GET' || operation.isPublic || !isOpen) continue;
      sent += await attempt(rooms, operation, caller);
    }
    expectNoMore(atFirst, await stored(rooms.owner), caller);
    return sent;
  }

  test('no key of a single scope gets itself more by any write', async () => {
    const rooms = await house();
    let sent = 0;
    for (const scope of SCOPES) sent += await tryEverything(rooms, (owner) => keyOf(owner, `key of ${scope}`, [scope]));
    assert.ok(sent > 100, `only ${sent} writes were sent`);
  });

  test('a key of all scopes makes, changes and removes no owner by any write', async () => {
    assert.ok((await tryEverything(await house(), (owner) => keyOf(owner, 'key of all scopes', SCOPES))) > 80);
  });

  test('no manager, no staff and no kitchen gets more by any write', async () => {
    for (const role of ['manager', 'staff', 'kitchen'] as const)
      assert.ok((await tryEverything(await house(), (owner) => personOf(owner, role))) > 5, role);
  });

  // ---- Each way by itself

  test('a key of members:write alone makes no member of any role, and is told which scope it lacks', async () => {
    const owner = await api.restaurant();
    const { secret } = await key(owner.token, ['members:write']);
    expectForbidden(await invite(secret, 'owner'), /Only an owner who is logged in/);
    for (const role of ['manager', 'staff', 'kitchen'])
      expectForbidden(await invite(secret, role), /it has the scope "restaurant:read", which you do not have/);
    const { data } = expectStatus(200, await api.get('/v1/members', { token: owner.token }));
    assert.deepEqual([data.length, data[0].role], [1, 'owner']);
  });

  test('a key gives a role whose scopes it holds, and none above', async () => {
    const owner = await api.restaurant();
    const { secret } = await key(owner.token, ['members:write', ...scopesOf('staff', false)]);
    const member = expectStatus(201, await invite(secret, 'staff'));
    expectStatus(200, await accept(member.invitation.token));
    expectForbidden(await setRole(secret, member.id, 'manager', 2), /role "manager"/);
    expectForbidden(await setRole(secret, member.id, 'owner', 2), /Only an owner/);
    expectForbidden(await invite(secret, 'manager'), /role "manager"/);
    expectStatus(200, await setRole(secret, member.id, 'kitchen', 2));
    expectStatus(204, await remove(secret, member.id));
  });

  test('no key changes, removes or invites anew an owner, be there other owners or not', async () => {
    const owner = await api.restaurant();
    const second = await join(owner, 'owner');
    const open = expectStatus(201, await invite(owner.token, 'owner'));
    const { secret } = await key(owner.token, SCOPES);
    for (const id of [await ownMemberId(owner), second.id, open.id]) {
      const { version } = expectStatus(200, await api.get(`/v1/members/${id}`, { token: owner.token }));
      expectForbidden(await setRole(secret, id, 'staff', version), /Only an owner/);
      expectForbidden(await remove(secret, id), /Only an owner/);
    }
    expectForbidden(await invite(secret, 'staff', open.email), /Only an owner/);
    expectStatus(200, await accept(open.invitation.token));
  });

  test('an invitation of somebody who lost the right to give it makes no member', async () => {
    const owner = await api.restaurant();
    const [second, third] = [await join(owner, 'owner'), await join(owner, 'owner')];
    const byRemoved = expectStatus(201, await invite(second.token, 'owner'));
    expectStatus(204, await remove(owner.token, second.id));
    const byDemoted = expectStatus(201, await invite(third.token, 'staff'));
    expectStatus(200, await setRole(owner.token, third.id, 'kitchen', 2));
    const revoked = await key(owner.token, SCOPES);
    const byRevoked = expectStatus(201, await invite(revoked.secret, 'manager'));
    expectStatus(204, await api.delete(`/v1/api-keys/${revoked.id}`, undefined, { token: owner.token }));
    for (const { invitation } of [byRemoved, byDemoted, byRevoked]) {
      const answer = await accept(invitation.token);
      assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_token'], answer.text);
    }
    const { email, password, token } = await api.restaurant();
    const fourth = await join(owner, 'owner');
    const toKnown = expectStatus(201, await invite(fourth.token, 'manager', email));
    expectStatus(204, await remove(owner.token, fourth.id));
    const joining = { token: toKnown.invitation.token };
    assert.equal((await api.post('/v1/me/memberships', joining, { token })).body.code, 'invalid_token');
    const accepting = await api.post('/v1/auth/accept-invitation', { ...joining, password });
    assert.equal(accepting.body.code, 'invalid_token');
    // An invitation by a member with enough rights makes it valid again.
    const again = expectStatus(201, await invite(owner.token, 'manager', byRevoked.email));
    expectStatus(200, await accept(again.invitation.token));
  });

  test('an invitation whose role was changed is good while whoever changed it may give that role', async () => {
    const owner = await api.restaurant();
    const [maker, changer] = [await key(owner.token, SCOPES), await key(owner.token, SCOPES)];
    const revoke = ({ id }: Json) => api.delete(`/v1/api-keys/${id}`, undefined, { token: owner.token });
    const first = expectStatus(201, await invite(maker.secret, 'staff'));
    expectStatus(200, await setRole(owner.token, first.id, 'owner', 1));
    expectStatus(204, await revoke(maker));
    expectStatus(200, await accept(first.invitation.token));
    const second = expectStatus(201, await invite(owner.token, 'staff'));
    expectStatus(200, await setRole(changer.secret, second.id, 'manager', 1));
    expectStatus(204, await revoke(changer));
    assert.equal((await accept(second.invitation.token)).body.code, 'invalid_token');
  });

  test('an invitation of a key that has expired makes no member', async () => {
    const owner = await api.restaurant();
    const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
    const { secret } = await key(owner.token, SCOPES, { expiresAt });
    const { invitation } = expectStatus(201, await invite(secret, 'staff'));
    aheadMs = HOUR_MS + 1000;
    const answer = await accept(invitation.token).finally(() => (aheadMs = 0));
    assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_token'], answer.text);
  });

  test('a key makes no key that outlives it', async () => {
    const owner = await api.restaurant();
    const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
    const { secret } = await key(owner.token, ['api_keys:write', 'orders:read'], { expiresAt: inHours(1) });
    for (const expiresAt of [undefined, null, inHours(2)]) {
      const body = { name: 'longer', scopes: ['orders:read'], expiresAt };
      expectForbidden(await api.post('/v1/api-keys', body, { token: secret }), /the same or an earlier expiry/);
    }
    await key(secret, ['orders:read'], { expiresAt: inHours(0.5) });
    const endless = await key(owner.token, ['api_keys:write']);
    await key(endless.secret, ['api_keys:write']);
  });

  test('an owner who is removed at the same moment gives nothing afterwards', async () => {
    for (let round = 0; round < 10; round += 1) {
      const owner = await api.restaurant();
      const second = await join(owner, 'owner');
      const friend = await join(owner, 'staff');
      const [removal, gift] = await Promise.all([
        remove(owner.token, second.id),
        setRole(second.token, friend.id, 'owner', 2),
      ]);
      expectStatus(204, removal);
      assert.ok([200, 401, 403].includes(gift.status), gift.text);
      const { data } = expectStatus(200, await api.get('/v1/audit-log?limit=3', { token: owner.token }));
      const actions: string[] = data.map(({ action }: Json) => action);
      // Newest first: the removal ends what the removed one does.
      if (gift.status === 200) assert.equal(actions[0], 'member.removed', actions.join(' '));
      else assert.ok(!actions.includes('member.changed'), actions.join(' '));
    }
  });
});

function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({
      where: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      body: operation.requestBody?.content['application/json']?.schema,
      answers: Object.entries<Json>(operation.responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([, { content }]) => content?.['application/json']?.schema ?? []),
      scopes: [...(operation.description ?? '').matchAll(/`([a-z_]+:[a-z]+)`/g)].map((match) => match[1] ?? ''),
      isPublic: operation.security?.length === 0,
    })),
  );
}
