import type { Call } from '../domain/shared/call.js';
import type { CodePoolService } from '../services/CodePoolService.js';
import type { PrintService } from '../services/PrintService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import {
  claimInput,
  claimResult,
  codePool,
  codePoolInput,
  codePoolPatch,
  codeRecord,
  exportInput,
  exportResult,
  importInput,
  importResult,
  poolStatus,
  refillInput,
  sheetQuery,
} from './schemas/codePool.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import { editableEndpoints } from './support/editable.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { sendFile } from './support/rendered.js';

const TAG = 'Code pools';
const MAX_IMPORT_BYTES = 1_500_000;

interface Dependencies {
  codePools: CodePoolService;
  prints: PrintService;
  restaurants: RestaurantService;
}

export function codePoolEndpoints({ codePools, prints, restaurants }: Dependencies): Endpoint[] {
  return [
    claimEndpoint(codePools),
    ...editableEndpoints({
      path: 'code-pools',
      tag: TAG,
      scope: 'codes',
      one: 'a code pool',
      many: 'code pools',
      onDelete: 'Refused while orders get their pick-up codes from it. Codes that were handed out stay valid.',
      resource: codePools.pools,
      input: codePoolInput,
      patch: codePoolPatch,
      output: codePool,
      isSearchable: true,
      present: (call: Call) => restaurants.pricer(call),
    }),
    ...supplyEndpoints(codePools),
    endpoint({
      method: 'get',
      path: '/v1/code-pools/{id}/codes',
      tag: TAG,
      summary: 'List codes that were handed out, newest first',
      description: 'Codes that have a record. The codes themselves are not shown again.',
      access: 'codes:read',
      params: idParams,
      query: pageQuery,
      response: pageOf(codeRecord),
      handle: async ({ call, params, query }) => {
        const priced = await restaurants.pricer(call);
        const { data, nextCursor } = await codePools.codes.listOfPool(call, params.id, query);
        return { data: data.map(priced), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/code-pools/{id}/sheet.pdf',
      name: 'downloadCodeSheet',
      tag: TAG,
      summary: 'Print cards with QR codes',
      description: 'On A4: the tokens of all tables, or the codes of an export within ten minutes.',
      access: 'codes:write',
      params: idParams,
      query: sheetQuery,
      produces: ['application/pdf'],
      limit: 'heavy',
      handle: async ({ call, params, query, response }) => {
        const pdf = await prints.codeSheetPdf(call, params.id, query.exportId);
        sendFile(response, 'application/pdf', pdf, `codes-${params.id}.pdf`);
      },
    }),
  ];
}

function claimEndpoint(codePools: CodePoolService): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/code-pools/{id}/claims',
    name: 'claimCodes',
    tag: TAG,
    summary: 'Hand out codes',
    description:
      'Codes that carry value, and all with an Idempotency-Key, are stored before they are answered; the same key gives the same codes. ' +
      'Others come from memory. An empty pool is `503 pool_empty` with Retry-After.',
    access: 'codes:claim',
    params: idParams,
    body: claimInput,
    status: 201,
    response: claimResult,
    handle: async ({ call, params, body: { tables, ...terms } }) => ({
      data: tables
        ? await codePools.claimTables(call, params.id, tables)
        : await codePools.claim(call, params.id, terms),
    }),
  });
}

function supplyEndpoints(codePools: CodePoolService): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/code-pools/{id}/status',
      tag: TAG,
      summary: 'Get the exact figures of a pool',
      access: 'codes:read',
      params: idParams,
      response: poolStatus,
      handle: ({ call, params }) => codePools.supply.status(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/code-pools/{id}/refill',
      tag: TAG,
      summary: 'Order more codes',
      description: 'They are generated in the background: see `toGenerate` in the status.',
      access: 'codes:write',
      params: idParams,
      body: refillInput,
      response: poolStatus,
      handle: ({ call, params, body }) => codePools.supply.refill(call, params.id, body.count),
    }),
    endpoint({
      method: 'post',
      path: '/v1/code-pools/{id}/import',
      name: 'importCodes',
      tag: TAG,
      summary: 'Append codes from elsewhere',
      description: 'Codes that a pool of the restaurant had before are left out and counted as duplicates.',
      access: 'codes:write',
      params: idParams,
      body: importInput,
      status: 201,
      response: importResult,
      maxBodyBytes: MAX_IMPORT_BYTES,
      limit: 'heavy',
      handle: ({ call, params, body }) => codePools.supply.import(call, params.id, body.codes),
    }),
    endpoint({
      method: 'post',
      path: '/v1/code-pools/{id}/exports',
      name: 'exportCodes',
      tag: TAG,
      summary: 'Hand out a batch of valued codes for print',
      description: 'They are shown in this answer, and on the sheet for ten minutes; afterwards only digests remain.',
      access: 'codes:write',
      params: idParams,
      body: exportInput,
      status: 201,
      response: exportResult,
      limit: 'heavy',
      handle: async ({ call, params, body }) => {
        const { codes, ...made } = await codePools.exports.make(call, params.id, body);
        return { ...made, data: codes };
      },
    }),
  ];
}
