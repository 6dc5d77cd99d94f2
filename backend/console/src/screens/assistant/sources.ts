/** Screens that show the same data as an address of the API. */

/** By the beginning of the address; the first that fits. */
const NOUNS: readonly (readonly [start: string, noun: string])[] = [
  ['/v1/reports/sales', 'sales'],
  ['/v1/reports/', 'cost'],
  ['/v1/menu-items', 'menu'],
  ['/v1/orders', 'orders'],
  ['/v1/documents', 'documents'],
  ['/v1/inventory-items', 'stock'],
  ['/v1/stock', 'stock'],
  ['/v1/purchase-orders', 'purchasing'],
  ['/v1/suppliers', 'purchasing'],
  ['/v1/supplier-invoices', 'supplierInvoices'],
];

/** @returns the noun of the screen, and the parameters that it understands. */
export function placeOf(href: string): { noun: string; query: string } {
  const { pathname, searchParams } = new URL(href, location.origin);
  const noun = NOUNS.find(([start]) => pathname.startsWith(start))?.[1] ?? '';
  const kept = noun === 'sales' || noun === 'cost' ? ['from', 'to'] : [];
  const query = new URLSearchParams(
    kept.flatMap((name): [string, string][] => {
      const value = searchParams.get(name);
      return value === null ? [] : [[name, value]];
    }),
  ).toString();
  return { noun, query: query && `?${query}` };
}
