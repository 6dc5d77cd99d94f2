import { paymentState } from '../domain/order/paymentFilter.js';
import type { PaymentService } from '../services/PaymentService.js';
import type { PaymentLists } from '../services/payment/PaymentLists.js';
import type { PrintService } from '../services/PrintService.js';
import { claimResult } from './schemas/codePool.js';
import { idParams, pageOf } from './schemas/common.js';
import { lineParams, order, presentOrder } from './schemas/order.js';
import {
  handOutInput,
  keepDepositInput,
  listedPayment,
  listedRefund,
  orderPayments,
  payment,
  paymentInput,
  receipt,
  receiptQuery,
  refund,
  refundInput,
  writeOffInput,
} from './schemas/payment.js';
import { filtersOf, paymentQuery, refundQuery } from './schemas/paymentQuery.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { sendFile } from './support/rendered.js';

const TAG = 'Payments';
const LOOKS_AT =
  'A page looks at 10,000 entries at most: it may have fewer than `limit`, even none, while `nextCursor` leads on.';

interface PaymentServices {
  payments: PaymentService;
  paymentLists: PaymentLists;
  prints: PrintService;
}

export function paymentEndpoints({ payments, paymentLists, prints }: PaymentServices): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/orders/{id}/payments',
      name: 'recordPayment',
      tag: TAG,
      summary: 'Record a payment',
      access: 'payments:write',
      params: idParams,
      body: paymentInput,
      status: 201,
      response: payment,
      handle: ({ call, params, body }) => payments.pay(call, params.id, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/orders/{id}/lines/{lineId}/vouchers',
      name: 'handOutVouchers',
      tag: TAG,
      summary: 'Hand out the vouchers that a paid order sold',
      description:
        'Those of the line that were not handed out yet. The codes are shown once: send an Idempotency-Key, which gives the same codes again. ' +
        'An empty pool is `503 pool_empty` with Retry-After.',
      access: 'codes:claim',
      params: lineParams,
      body: handOutInput,
      status: 201,
      response: claimResult,
      handle: async ({ call, params, body }) => ({
        data: await payments.handOutVouchers(call, params.id, { ...body, lineId: params.lineId }),
      }),
    }),
    endpoint({
      method: 'get',
      path: '/v1/orders/{id}/payments',
      tag: TAG,
      summary: 'List payments and refunds of an order',
      access: 'orders:read',
      params: idParams,
      response: orderPayments,
      handle: ({ call, params }) => payments.listOfOrder(call, params.id),
    }),
    endpoint({
      method: 'get',
      path: '/v1/payments',
      tag: TAG,
      summary: 'List payments of all orders, newest first',
      description: `With \`from\`, \`to\` or \`businessDate\` by business date, the latest first. ${LOOKS_AT}`,
      access: ['payments:write', 'refunds:write', 'reports:read'],
      query: paymentQuery,
      response: pageOf(listedPayment),
      handle: async ({ call, query }) => {
        const { filter, page } = filtersOf(query);
        const { data, nextCursor } = await paymentLists.payments(call, filter, page);
        return { data: data.map((one) => ({ ...one, status: paymentState(one) })), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/refunds',
      tag: TAG,
      summary: 'List refunds of all orders, newest first',
      description: `With \`from\`, \`to\` or \`businessDate\` by business date, the latest first. ${LOOKS_AT}`,
      access: ['payments:write', 'refunds:write', 'reports:read'],
      query: refundQuery,
      response: pageOf(listedRefund),
      handle: ({ call, query }) => {
        const { filter, page } = filtersOf(query);
        return paymentLists.refunds(call, filter, page);
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/payments/{id}/refunds',
      name: 'refundPayment',
      tag: TAG,
      summary: 'Refund a payment in full or in part',
      access: 'refunds:write',
      params: idParams,
      body: refundInput,
      status: 201,
      response: refund,
      handle: ({ call, params, body }) => payments.refund(call, params.id, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/orders/{id}/write-off',
      tag: TAG,
      summary: 'Write off the amount that a completed order still owes',
      description:
        'For an order that is never paid, also one of a closed day. The amount and its taxes are taken off the sales of today, in a line ' +
        'of their own in the day’s figures.',
      access: 'refunds:write',
      params: idParams,
      body: writeOffInput,
      response: order,
      etag: 'version',
      handle: async ({ call, params, body }) => presentOrder(await payments.writeOff(call, params.id, body.reason)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/orders/{id}/keep-deposit',
      tag: TAG,
      summary: 'Cancel an order and keep its deposit',
      description:
        'For a guest who does not come. Whether the deposit keeps its taxes depends on the contract and the country: ask your tax adviser. ' +
        'A kept deposit can still be refunded.',
      access: 'refunds:write',
      params: idParams,
      body: keepDepositInput,
      response: order,
      etag: 'version',
      handle: async ({ call, params, body }) => presentOrder(await payments.keepDeposit(call, params.id, body)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/orders/{id}/receipt',
      tag: TAG,
      summary: 'Get the receipt of an order',
      description:
        'JSON by default. `Accept: text/plain` gives text for an 80 mm printer (42 columns); `Accept: application/pdf` gives a PDF for an ' +
        '80 mm roll. Without `language`, the restaurant’s language is used.',
      access: 'orders:read',
      params: idParams,
      query: receiptQuery,
      response: receipt,
      alsoProduces: ['text/plain', 'application/pdf'],
      handle: async ({ call, params, query, request, response }) => {
        const type = request.accepts(['application/json', 'text/plain', 'application/pdf']);
        if (type === 'application/pdf') {
          const pdf = await prints.receiptPdf(call, params.id, query.language);
          sendFile(response, type, pdf, `receipt-${params.id}.pdf`);
        } else if (type === 'text/plain') {
          const text = await prints.receiptText(call, params.id, query.language);
          response.type('text/plain; charset=utf-8').send(text);
        } else return await payments.receipt(call, params.id);
      },
    }),
  ];
}
