/** The part `webhooks` of `/openapi.json`: one for each type of event. */
import { z } from 'zod';
import { createSchema, type oas31 } from 'zod-openapi';
import type { EventType } from '../../../domain/shared/events.js';
import { event } from '../../schemas/event.js';
import { pascalCase } from './names.js';

const headers = z.object({
  'webhook-id': z.string().meta({ description: 'The event’s id, the same for each attempt.' }),
  'webhook-timestamp': z.string().meta({ description: 'Seconds since 1970. Refuse old ones.' }),
  'webhook-signature': z.string().meta({
    description: '`v1,` and base64 of HMAC-SHA256 over id, timestamp and body. Several are separated by blanks.',
  }),
});

interface Described {
  webhooks: Record<string, oas31.PathItemObject>;
  /** Schemas that the webhooks refer to. */
  schemas: Record<string, oas31.SchemaObject>;
}

/** An event is the shared envelope, with the data of its type. */
export function describeWebhooks(events: readonly { type: EventType; schema: z.ZodObject }[]): Described {
  const schemas: Described['schemas'] = {};
  // As answers, so that the schemas that both share are the same ones.
  const written = (schema: z.core.$ZodType): oas31.SchemaObject => {
    const made = createSchema(schema, { io: 'output', openapiVersion: '3.1.0' });
    Object.assign(schemas, made.components);
    return made.schema as oas31.SchemaObject;
  };
  const envelope = written(event);
  const parameters = Object.entries(headers.shape).map(
    ([name, schema]): oas31.ParameterObject => ({ name, in: 'header', required: true, schema: written(schema) }),
  );
  const webhooks = Object.fromEntries(
    events.map(({ type, schema }): [string, oas31.PathItemObject] => {
      const name = pascalCase(type);
      const told = written(schema.shape['data'] as z.core.$ZodType);
      if (told.$ref === undefined) schemas[`${name}Data`] = told;
      const data = told.$ref === undefined ? { $ref: `#/components/schemas/${name}Data` } : told;
      const properties = { type: { type: 'string', const: type }, data } satisfies Record<string, oas31.SchemaObject>;
      schemas[`${name}Event`] = { allOf: [envelope, { type: 'object', properties, required: ['type', 'data'] }] };
      return [
        type,
        {
          post: {
            tags: ['Webhook'],
            operationId: `on${name}`,
            summary: `Event ${type}`,
            description: 'Sent to each webhook endpoint that asks for this type.',
            // The signature proves the sender.
            security: [],
            parameters,
            requestBody: {
              required: true,
              content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}Event` } } },
            },
            responses: {
              '2XX': { description: 'Received. Every other answer is a failure, and the webhook is sent again.' },
              '410': { description: 'No more webhooks, please: the endpoint is disabled.' },
            },
          },
        },
      ];
    }),
  );
  return { webhooks, schemas };
}
