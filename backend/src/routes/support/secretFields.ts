/**
 * Finds secrets in bodies and answers by field names, so that a new endpoint need not declare them.
 */
import { z } from 'zod';

const NAMES: ReadonlySet<string> = new Set(['password', 'secret', 'token', 'accessToken', 'refreshToken', 'ticket']);

/** Whether a field of the schema, at any depth, has the name of a secret. */
export function holdsSecret(schema: z.ZodType | undefined): boolean {
  if (!schema) return false;
  return namesIn(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })).some((name) => NAMES.has(name));
}

/** All property names of a JSON schema. */
function namesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => [
    ...(keyword === 'properties' && typeof value === 'object' && value !== null ? Object.keys(value) : []),
    ...namesIn(value),
  ]);
}
