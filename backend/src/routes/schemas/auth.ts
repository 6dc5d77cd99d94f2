import { z } from 'zod';
import { MAX_PASSWORD_CHARS, passwordFault } from '../../domain/people/password.js';
import { API_KEY_KINDS } from '../../domain/people/rateLimits.js';
import { ROLES, SCOPES } from '../../domain/people/roles.js';
import { PRINT_LANGUAGES } from '../../domain/restaurant/printLanguage.js';
import { currencyCode, email, id, patchOf, text, timestamp } from './common.js';
import { restaurant, timezone } from './restaurant.js';

/** Far above the real limit, which the service checks after normalisation. */
const MAX_PASSWORD_INPUT = 2048;
const MAX_TOKEN_CHARS = 200;

const password = z.string().min(1, 'Give the password.').max(MAX_PASSWORD_INPUT);

/**
 * The check counts characters after normalisation; `minLength` and `maxLength` only document the
 * limits. Input above `MAX_PASSWORD_INPUT` is refused uncounted: counting a megabyte takes a
 * second.
 */
const newPassword = z
  .string()
  .max(MAX_PASSWORD_INPUT, { abort: true, error: `A password has at most ${MAX_PASSWORD_CHARS} characters.` })
  .refine((sent) => passwordFault(sent) === undefined, {
    error: ({ input }) => passwordFault(String(input)),
    params: { rule: 'password' },
  })
  .meta({ minLength: 10, maxLength: 256 });

const opaqueToken = z.string().min(1).max(MAX_TOKEN_CHARS);

export const registration = z
  .strictObject({
    email,
    password: newPassword,
    name: text(200),
    restaurantName: text(200),
    currency: currencyCode,
    timezone,
  })
  .meta({ id: 'Registration' });

export const login = z.strictObject({ email, password, restaurantId: id.optional() }).meta({ id: 'Login' });

export const refresh = z
  .strictObject({ refreshToken: opaqueToken.optional().meta({ description: 'Required, unless it is in a cookie.' }) })
  .meta({ id: 'Refresh' });

export const acceptance = z
  .strictObject({
    token: opaqueToken,
    password: password.meta({
      description:
        'The password of your account with the invited address. Any other password (10 to 256 characters) creates a new account.',
    }),
    name: text(200).optional(),
  })
  .meta({ id: 'InvitationAcceptance' });

export const joining = z.strictObject({ token: opaqueToken }).meta({ id: 'Joining' });

export const passwordReset = z
  .strictObject({ token: opaqueToken, password: newPassword })
  .meta({ id: 'PasswordReset' });

export const forgottenPassword = z.strictObject({ email }).meta({ id: 'ForgottenPassword' });

export const passwordChange = z.strictObject({ currentPassword: password, newPassword }).meta({ id: 'PasswordChange' });

export const addressChange = z.strictObject({ email, password }).meta({ id: 'AddressChange' });

export const addressConfirmation = z.strictObject({ token: opaqueToken }).meta({ id: 'AddressConfirmation' });

export const ownSession = z
  .object({
    id,
    restaurant: z.object({ id, name: z.string() }),
    userAgent: z
      .string()
      .nullable()
      .meta({
        description: 'The name that the browser or program gave itself at the login.',
        examples: ['Mozilla/5.0 (iPad)'],
      }),
    createdAt: timestamp,
    lastUsedAt: timestamp.meta({
      description: 'When its tokens were last exchanged, up to 15 minutes before its last call.',
    }),
    expiresAt: timestamp,
    isCurrent: z.boolean().meta({ description: 'Whether this call belongs to the session.' }),
  })
  .meta({ id: 'Session' });

export const user = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    language: z
      .enum(PRINT_LANGUAGES)
      .nullable()
      .meta({ description: 'The language of pages. Null: that of the browser.' }),
  })
  .meta({ id: 'User' });

export const profileChanges = patchOf(
  z.strictObject({ name: text(200), language: z.enum(PRINT_LANGUAGES).nullable() }),
).meta({ id: 'ProfileChanges' });

export const membership = z
  .object({
    restaurant: z.object({ id, name: z.string() }),
    role: z.enum(ROLES),
    isCurrent: z.boolean().meta({ description: 'Whether this call belongs to the restaurant.' }),
  })
  .meta({ id: 'Membership' });

export const restaurantChoice = z.strictObject({ restaurantId: id }).meta({ id: 'RestaurantChoice' });

export const entry = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string().optional().meta({
      description: 'Valid for one use. A second use ends the session. Absent with `?cookie=true`.',
    }),
    expiresIn: z.int().meta({ description: 'Seconds until the access token expires.' }),
    user,
    restaurant,
  })
  .meta({ id: 'Entry' });

export const me = z
  .object({
    user: user.nullable(),
    role: z.enum(ROLES).nullable(),
    apiKey: z.object({ id, name: z.string(), kind: z.enum(API_KEY_KINDS), scopes: z.array(z.enum(SCOPES)) }).nullable(),
    scopes: z.array(z.enum(SCOPES)),
    restaurant,
  })
  .meta({ id: 'Me', description: 'For a person, `user` and `role` are set; for an API key, `apiKey` is set.' });
