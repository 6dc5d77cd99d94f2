import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type DocumentAmounts,
  type DocumentLine,
  type LineContent,
  priceDocument,
} from '../../src/domain/document/document.js';
import { creditAmounts } from '../../src/domain/document/documentCredit.js';
import { formatQuantity, parseQuantity } from '../../src/domain/number/quantity.js';
import { anyOrder } from './orders.js';

const anyQuantity = fc.oneof(
  fc.integer({ min: 1, max: 20 }).map((whole) => BigInt(whole) * 1_000_000n),
  fc.integer({ min: 1, max: 5_000_000 }).map(BigInt),
);

/** Lines, discounts and taxes of random orders, in quantities of six decimals. */
const anyDocument = fc
  .tuple(anyOrder, fc.array(anyQuantity, { minLength: 30, maxLength: 30 }))
  .map(([order, quantities]) =>
    priceDocument(
      order.lines.map(
        (line, index): LineContent => ({
          kind: 'item',
          description: `Line ${index}`,
          quantity: formatQuantity(quantities[index] ?? 1n),
          unit: null,
          unitPrice: line.unitPrice,
          discounts: [...line.discounts],
          taxes: [...line.taxes],
          originalPosition: null,
        }),
      ),
      order.discounts,
    ),
  );

/** Each credits a share of what is left of a line, or voids a credit note. */
const anySteps = fc.array(
  fc.record({ line: fc.nat(), share: fc.integer({ min: 1, max: 1000 }), voids: fc.boolean() }),
  {
    maxLength: 15,
  },
);
type Step = typeof anySteps extends fc.Arbitrary<(infer S)[]> ? S : never;

const microsOf = (line: Pick<DocumentLine, 'quantity'>): bigint => parseQuantity(line.quantity) ?? 0n;

/** The credit notes that stand after the steps and one over all that is then left. */
function credited(original: DocumentAmounts, steps: readonly Step[]): DocumentAmounts[] {
  const notes: DocumentAmounts[] = [];
  const earlier = () => notes.flatMap(({ lines }) => lines);
  const leftOf = (line: DocumentLine) =>
    earlier()
      .filter(({ originalPosition }) => originalPosition === line.position)
      .reduce((left, one) => left - microsOf(one), microsOf(line));
  for (const { line: place, share, voids } of steps) {
    if (voids) notes.splice(place % (notes.length + 1), 1);
    const line = original.lines[place % original.lines.length];
    const quantity = line ? (leftOf(line) * BigInt(share)) / 1000n : 0n;
    if (!line || quantity === 0n) continue;
    notes.push(
      creditAmounts(original.lines, earlier(), [{ position: line.position, quantity: formatQuantity(quantity) }]),
    );
  }
  if (original.lines.some((line) => leftOf(line) > 0n)) notes.push(creditAmounts(original.lines, earlier(), undefined));
  return notes;
}

describe('credit notes over all of a document', () => {
  test('return every sum, and every tax with what it was computed on, exactly, in whatever steps', () => {
    fc.assert(
      fc.property(anyDocument, anySteps, (original, steps) => {
        const notes = credited(original, steps);
        for (const field of ['subtotal', 'discountTotal', 'taxTotal', 'taxIncludedTotal', 'total'] as const)
          assert.equal(
            notes.reduce((sum, note) => sum + note[field], 0),
            original[field],
            field,
          );
        for (const tax of original.taxes) {
          const same = notes.flatMap(({ taxes }) =>
            taxes.filter(
              ({ taxId, rate, inclusive }) => taxId === tax.taxId && rate === tax.rate && inclusive === tax.inclusive,
            ),
          );
          assert.deepEqual(
            [same.reduce((sum, { amount }) => sum + amount, 0), same.reduce((sum, { base }) => sum + base, 0)],
            [tax.amount, tax.base],
          );
        }
        assert.throws(
          () =>
            creditAmounts(
              original.lines,
              notes.flatMap(({ lines }) => lines),
              undefined,
            ),
          { code: 'invalid_state' },
        );
      }),
    );
  });

  test('hold no amount below zero, and add up as every document does', () => {
    fc.assert(
      fc.property(anyDocument, anySteps, (original, steps) => {
        for (const note of credited(original, steps)) {
          assert.equal(note.total, note.subtotal - note.discountTotal + note.taxTotal - note.taxIncludedTotal);
          for (const tax of note.taxes) assert.ok(tax.amount >= 0);
          for (const line of note.lines)
            assert.ok(
              [line.grossAmount, line.discountAmount, line.amount, line.taxAmount].every((amount) => amount >= 0),
              JSON.stringify(line),
            );
        }
      }),
    );
  });
});
