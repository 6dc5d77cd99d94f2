/** What a row of a printed paper is about, by its words in several languages. */

export type RowKind = 'gross' | 'net' | 'subtotal' | 'tax' | 'charge' | 'allowance' | 'payment' | 'ignored' | 'item';

/** The first that fits counts. */
const KINDS: [RowKind, RegExp][] = [
  [
    'ignored',
    /suggest|not included|vorschlag|\beach\b|^\(?\s*\d+\s*%|^(?:incl|including|davon|waarvan|dont)\b|@|^weight/i,
  ],
  [
    'charge',
    /service charge|serv\.? ?charge|surcharge|gratuity|^tip\b|trinkgeld|bedienung|verzendkosten|versand|freight|shipping/i,
  ],
  ['allowance', /^(?:discount|rabatt|korting|remise|sconto|coupon)\b/i],
  [
    'payment',
    /^[\s'"*]*(?:cash|change|visa|master|amex|american express|amerlcan|card|credit|debit|wells|paid|payment|bar\b|gegeben|rückgeld|zur.ckgeld|ideal|rembours|afschrijving|pin\b|balance forward)/i,
  ],
  ['ignored', /receipt total|balance due|amount tendered/i],
  ['tax', /^(?:total|sales|\w{2} sales)\s*tax\b/i],
  ['net', /exclusief|excl\.?\s|^net\b|^netto|net amount|net total|total ht|imponibile|nettobetrag|taxable|before tax/i],
  ['subtotal', /sub\s?-?\s?total|zwischensumme|subtotaal|sous-total|subtotale/i],
  ['gross', /\btota(?:l|al|le)\b|gesamt|summe|te betalen|amount due|rechnungsbetrag|endbetrag|montant|importo totale/i],
  ['tax', /\btax\b|\btax\s?\d|\bvat\b|\bbtw\b|mwst|\bust\b|\btva\b|\biva\b|moms|\bgst\b/i],
];

/** @param label the row without its amounts. */
export function kindOfRow(label: string): RowKind {
  return KINDS.find(([, words]) => words.test(label.trim()))?.[0] ?? 'item';
}
