/** A printed document as plain text for an 80 mm printer (42 columns). */
import type { PrintedDocument, PrintedFact, PrintedLine, PrintedTotal } from './printedDocument.js';
import { centred, columns, WIDTH, wrapped } from './textColumns.js';

/**
 * @returns lines of at most 42 columns, ending with a line feed. The printer reorders right-to-left
 * text.
 */
export function printedText(document: PrintedDocument): string {
  const { seller, title, number, mark, buyer, facts, lines, totals, sections, taxes, notes, footer } = document;
  const rule = '-'.repeat(WIDTH);
  const rows = [
    ...centred(seller.name),
    ...seller.details.flatMap(centred),
    '',
    ...centred(number === null ? title : `${title} ${number}`),
    ...(mark === null ? [] : centred(`*** ${mark} ***`)),
    ...facts.flatMap(pair),
    ...(buyer === null ? [] : [buyer.label, buyer.name, ...buyer.details].flatMap((text) => wrapped(text, WIDTH))),
    ...(lines.length === 0 ? [] : [rule, ...lines.flatMap(lineRows)]),
    rule,
    ...totals.flatMap(total),
    ...sections.flatMap((section) => [rule, ...section.flatMap(pair)]),
    ...(taxes.length === 0 ? [] : [rule]),
    ...taxes.flatMap(({ label, base, amount }) => [
      ...columns(label, amount),
      ...detail(`${document.taxColumns.base} ${base}`),
    ]),
    ...notes.flatMap((text) => ['', ...text.split('\n').flatMap((line) => wrapped(line, WIDTH))]),
    ...(footer.length === 0 ? [] : ['', ...footer.flatMap(centred)]),
  ];
  return `${rows.map((text) => text.trimEnd()).join('\n')}\n`;
}

function pair({ label, value }: PrintedFact): string[] {
  return columns(label, value);
}

function total({ label, value, isGrand }: PrintedTotal): string[] {
  return columns(isGrand ? label.toUpperCase() : label, value);
}

function detail(text: string): string[] {
  return wrapped(`    ${text}`, WIDTH);
}

function lineRows({ quantity, description, amount, details }: PrintedLine): string[] {
  return [...columns(`${quantity} × ${description}`, amount), ...details.flatMap(detail)];
}
