import { receiptText } from '../domain/receipt.js';
import type { PaymentService } from '../services/PaymentService.js';
import { idParams } from './schemas/common.js';
import { orderPayments, payment, paymentInput, receipt, refund, refundInput } from './schemas/payment.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Payments';

export function paymentEndpoints({ payments }: { payments: PaymentService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/orders/{id}/payments',
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
      method: 'get',
      path: '/v1/orders/{id}/payments',
      tag: TAG,
      summary: 'Payments and refunds of an order',
      access: 'orders:read',
      params: idParams,
      response: orderPayments,
      handle: ({ call, params }) => payments.listOfOrder(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/payments/{id}/refunds',
      tag: TAG,
      summary: 'Refund a payment, whole or in part',
      access: 'refunds:write',
      params: idParams,
      body: refundInput,
      status: 201,
      response: refund,
      handle: ({ call, params, body }) => payments.refund(call, params.id, body.amount, body.reason),
    }),
    endpoint({
      method: 'get',
      path: '/v1/orders/{id}/receipt',
      tag: TAG,
      summary: 'The receipt of an order',
      description: 'JSON, or with `Accept: text/plain` text for an 80 mm printer (42 columns).',
      access: 'orders:read',
      params: idParams,
      response: receipt,
      alsoProduces: ['text/plain'],
      handle: async ({ call, params, request, response }) => {
        const found = await payments.receipt(call, params.id);
        if (request.accepts(['application/json', 'text/plain']) !== 'text/plain') return found;
        response.type('text/plain; charset=utf-8').send(receiptText(found));
      },
    }),
  ];
}
