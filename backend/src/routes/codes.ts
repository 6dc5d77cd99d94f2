import { totalOf } from '../domain/number/money.js';
import type { CodePoolService } from '../services/CodePoolService.js';
import type { Redemption } from '../services/codePool/Redeeming.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import {
  claimed,
  codeRecord,
  codeStory,
  endInput,
  liability,
  liabilityQuery,
  lookUpInput,
  redeemInput,
  redemption,
  tableToken,
  transferInput,
} from './schemas/codePool.js';
import { idParams } from './schemas/common.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Codes';

interface Dependencies {
  codePools: CodePoolService;
  restaurants: RestaurantService;
}

export function codeEndpoints(deps: Dependencies): Endpoint[] {
  return [...presentedEndpoints(deps), ...recordEndpoints(deps), reportEndpoint(deps)];
}

/** For somebody who holds a code in their hands. */
function presentedEndpoints({ codePools, restaurants }: Dependencies): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/codes/redeem',
      name: 'redeemCode',
      tag: TAG,
      summary: 'Redeem a code in full or in part',
      description:
        'A code that is unknown, spent, expired or void is `409 code_refused` in the same words. Thirty refusals in fifteen minutes are ' +
        'the most of one caller and pool; then `429`.',
      access: 'codes:redeem',
      body: redeemInput,
      response: redemption,
      handle: async ({ call, body }) => {
        const priced = await restaurants.pricer(call);
        return priced(presentRedemption(await codePools.codes.redeem(call, body)));
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/codes/look-up',
      name: 'lookUpCode',
      tag: TAG,
      summary: 'Look at a code without using it',
      access: 'codes:read',
      body: lookUpInput,
      response: codeRecord,
      handle: async ({ call, body }) => {
        const priced = await restaurants.pricer(call);
        return priced(await codePools.codes.lookUp(call, body.code));
      },
    }),
  ];
}

function recordEndpoints({ codePools, restaurants }: Dependencies): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/codes/{id}',
      tag: TAG,
      summary: 'Get a code with its movements',
      access: 'codes:read',
      params: idParams,
      response: codeStory,
      handle: async ({ call, params }) => {
        const priced = await restaurants.pricer(call);
        return priced(await codePools.codes.get(call, params.id));
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/codes/{id}/void',
      tag: TAG,
      summary: 'End a code with all that is left on it',
      access: 'codes:write',
      params: idParams,
      body: endInput,
      response: codeRecord,
      handle: async ({ call, params, body }) => {
        const priced = await restaurants.pricer(call);
        return priced(await codePools.codes.void(call, params.id, body.reason));
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/codes/{id}/release',
      tag: TAG,
      summary: 'Take an unused code back',
      description: 'An imported code returns to its pool. The number of another code is not used again.',
      access: 'codes:write',
      params: idParams,
      body: endInput,
      response: codeRecord,
      handle: async ({ call, params, body }) => {
        const priced = await restaurants.pricer(call);
        return priced(await codePools.codes.release(call, params.id, body.reason));
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/codes/{id}/transfer',
      tag: TAG,
      summary: 'Replace a voucher by a new one',
      description: 'The new code has what is left, and is shown once. For lost cards and new holders.',
      access: 'codes:write',
      params: idParams,
      body: transferInput,
      status: 201,
      response: claimed,
      handle: ({ call, params, body }) => codePools.codes.transfer(call, params.id, body.holder),
    }),
    endpoint({
      method: 'post',
      path: '/v1/table-tokens/{id}/revoke',
      tag: TAG,
      summary: 'Revoke the token of a table',
      description: 'The card on the table opens nothing from now on. Claim the table again for a new token.',
      access: 'codes:write',
      params: idParams,
      response: tableToken,
      handle: async ({ call, params }) => {
        const { id, poolId, tableName, isRevoked, uses, lastUsedAt } = await codePools.tables.revoke(call, params.id);
        return { id, poolId, table: tableName, isRevoked, uses, lastUsedAt };
      },
    }),
  ];
}

function reportEndpoint({ codePools, restaurants }: Dependencies): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/reports/voucher-liability',
    tag: 'Reports',
    summary: 'Get what is owed to holders of vouchers, by tax kind',
    access: 'reports:read',
    query: liabilityQuery,
    response: liability,
    handle: async ({ call, query: { from, to } }) => {
      const priced = await restaurants.pricer(call);
      const rows = await codePools.liability(call, from, to);
      const data = rows.map(({ taxKind, ...sums }) => ({
        taxKind,
        opening: totalOf(sums.opening),
        issued: totalOf(sums.issued),
        redeemed: totalOf(sums.redeemed),
        expired: totalOf(sums.expired),
        cancelled: totalOf(sums.cancelled),
        outstanding: totalOf(sums.outstanding),
      }));
      return priced({ from, to, data });
    },
  });
}

function presentRedemption({ code, table, amount }: Redemption) {
  if (table)
    return {
      codeId: table.id,
      poolId: table.poolId,
      kind: 'table' as const,
      amount,
      balance: 0,
      usesLeft: null,
      table: table.tableName,
    };
  if (!code) throw new Error('a redemption is of a code or of a table');
  const { id, poolId, kind, balance, usesLeft } = code;
  return { codeId: id, poolId, kind, amount, balance, usesLeft, table: null };
}
