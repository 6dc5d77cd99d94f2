import type { Depletions } from '../services/inventory/Depletions.js';
import { depletion, depletionInput } from './schemas/depletion.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function depletionEndpoints({ depletions }: { depletions: Depletions }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/stock/depletions',
      name: 'depleteStock',
      tag: 'Stock',
      summary: 'Take the ingredients of past orders from stock',
      description:
        'For orders that were imported, or sold before their recipes existed. Their ingredients, by today’s recipes, are posted to the ledger under ' +
        'the orders’ own dates. Lines already depleted, voided lines and cancelled orders are skipped. So a second run does nothing, and after an ' +
        'interruption a new run continues. The answer comes at the end; a year of 20,000 orders takes about a minute.',
      access: 'imports:write',
      limit: 'heavy',
      body: depletionInput,
      status: 200,
      response: depletion,
      handle: ({ call, body }) => depletions.run(call, body),
    }),
  ];
}
