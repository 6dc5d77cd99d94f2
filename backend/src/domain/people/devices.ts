/** Devices: screens and tills that work without a person's login. */
import type { ApiKeyKind } from './rateLimits.js';
import type { Scope } from './roles.js';

export const DEVICE_KINDS = ['till', 'kitchen_screen'] as const satisfies readonly ApiKeyKind[];
export type DeviceKind = (typeof DEVICE_KINDS)[number];

const SCREEN_SCOPES: readonly Scope[] = [
  'restaurant:read',
  'menu:read',
  'availability:write',
  'orders:read',
  'orders:advance',
];

/**
 * Rights of a device that is paired. None lets it give rights, move money back or change a menu.
 */
export const DEVICE_SCOPES: Record<DeviceKind, readonly Scope[]> = {
  kitchen_screen: SCREEN_SCOPES,
  till: [
    ...SCREEN_SCOPES,
    'orders:write',
    'payments:write',
    'drawers:read',
    'shifts:write',
    'documents:read',
    'documents:write',
    'codes:claim',
    'codes:redeem',
  ],
};

/**
 * Letters of a code: no vowels, so no words, and none that looks like a digit (RFC 8628, 6.1).
 * Eight of them make 25,600,000,000 codes.
 */
export const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
export const USER_CODE_LENGTH = 8;
const USER_CODE = new RegExp(`^[${USER_CODE_LETTERS}]{${USER_CODE_LENGTH}}$`);

/** A code as people read it best: `WDJB-MJHT`. @param letters eight of them. */
export function shownUserCode(letters: string): string {
  return `${letters.slice(0, USER_CODE_LENGTH / 2)}-${letters.slice(USER_CODE_LENGTH / 2)}`;
}

/** @returns the letters of a code as somebody typed it; undefined for a text that is no code. */
export function readUserCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replaceAll(/[\s.-]/g, '');
  return USER_CODE.test(letters) ? letters : undefined;
}
