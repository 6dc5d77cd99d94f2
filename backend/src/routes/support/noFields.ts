import { z } from 'zod';

/**
 * For an endpoint without fields: the body may still be `{}`, as many clients send it; the query
 * must be empty.
 */
export const noFields = z.strictObject({});
