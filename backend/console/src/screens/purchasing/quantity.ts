/**
 * Quantities as people type them, in millionths: exact, and of one kind with the API's decimal
 * text.
 */
import { amountFrom, amountText } from '../../ui/amount.js';

const DIGITS = 6;
export const ONE = 1_000_000;

/** @returns undefined for a text that is no quantity of zero or more. */
export function microsFrom(text: string): number | undefined {
  const micros = amountFrom(text, DIGITS);
  return micros === undefined || micros < 0 || !Number.isSafeInteger(micros) ? undefined : micros;
}

/** 2500000 is "2.5". */
export function quantityText(micros: number): string {
  return amountText(micros, DIGITS).replace(/\.?0+$/, '');
}

/** The part of an ordered quantity that has not come yet; never below zero. */
export function openOf({ quantity, receivedQuantity }: { quantity: string; receivedQuantity: string }): number {
  return Math.max(0, (microsFrom(quantity) ?? 0) - (microsFrom(receivedQuantity) ?? 0));
}
