/**
 * Taxes on charges: step 5 of the pricing engine (`pricing.ts`, decision 0002).
 *
 * Each tax is rounded once over all charges with the same set of taxes, half away from zero, and
 * spread over them by largest remainder. Charges below zero, such as returned deposits, are rounded
 * apart from the others: the rest of an order has the same taxes with them and without them.
 */
import {
  allocate,
  type Millionths,
  type MinorUnits,
  multiplyDivide,
  percentToMillionths,
  shareOf,
  sum,
} from '../number/money.js';
import type { VatTreatment } from './vatCategory.js';

export interface TaxRate {
  taxId: string;
  name: string;
  /** Percent as decimal text, at most four decimals: `8.875`. */
  rate: string;
  /** True: contained in the price. False: added to it. */
  inclusive: boolean;
  /** Absent unless the tax has a category of its own. */
  vat?: VatTreatment;
}

export interface TaxAmount extends TaxRate, Exempted {
  amount: MinorUnits;
}

/** On a line of a tax-exempt customer, whose rate is 0: the tax of everybody else. */
interface Exempted {
  exemptRate?: string;
  exemptVat?: VatTreatment;
}

export interface TaxTotal extends TaxAmount {
  /** Amount on which the tax is computed, without any included tax. */
  base: MinorUnits;
}

/** A taxed amount: a line or the service charge. */
export interface Charge {
  amount: MinorUnits;
  rates: readonly TaxRate[];
}

/** @returns the taxes of each charge, in the given order, and the totals of each rate. */
export function taxCharges(charges: readonly Charge[]): { byCharge: TaxAmount[][]; totals: TaxTotal[] } {
  const byCharge: TaxAmount[][] = charges.map(() => []);
  const totals = new Map<string, TaxTotal>();
  for (const members of groupByRates(charges)) {
    const { rates, amount } = charges[members[0]!]!;
    const signed = (size: MinorUnits) => (amount < 0 ? 0 - size : size);
    const weights = members.map((index) => Math.abs(charges[index]!.amount));
    for (const size of taxesOn(sum(weights), rates)) {
      const parts = allocate(size.amount, weights);
      const tax = { ...size, base: signed(size.base), amount: signed(size.amount) };
      members.forEach((index, position) =>
        byCharge[index]!.push({ ...withoutBase(tax), amount: signed(parts[position]!) }),
      );
      // Keyed by rate too: when a tax changes while the order is open, the order has it at both
      // rates.
      const total = totals.get(rateKey(tax));
      if (total) {
        total.amount = sum([total.amount, tax.amount]);
        total.base = sum([total.base, tax.base]);
      } else totals.set(rateKey(tax), tax);
    }
  }
  return { byCharge, totals: [...totals.values()] };
}

/** Members of a group have the same taxes and the same sign. */
function groupByRates(charges: readonly Charge[]): number[][] {
  const groups = new Map<string, number[]>();
  charges.forEach((charge, index) => {
    const key = `${charge.amount < 0 ? '-' : ''}${ratesKey(charge.rates)}`;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return [...groups.values()];
}

/** Key of a set of rates; their order does not matter. */
export function ratesKey(rates: readonly TaxRate[]): string {
  return rates.map(rateKey).sort().join('|');
}

/** Whether both are the same tax at the same rate. Reports add these up. */
export function isSameRate(one: TaxRate, other: TaxRate): boolean {
  return rateKey(one) === rateKey(other);
}

/**
 * Takes a share out of taxes: `amount` of all of them, in proportion to each. Each base is reduced
 * by the ratio of `share.net` to `share.of`, or as its tax where these disagree. Taking everything
 * takes each tax and its base exactly.
 * @returns the taxes of which something is taken, in the given order.
 */
export function shareOfTaxes(
  taxes: readonly TaxTotal[],
  amount: MinorUnits,
  share: { net: MinorUnits; of: MinorUnits },
): TaxTotal[] {
  const amounts = allocate(
    amount,
    taxes.map((tax) => tax.amount),
  );
  const net = Math.max(0, Math.min(share.net, share.of));
  return taxes
    .map((tax, index) => {
      const amount = amounts[index]!;
      const base = share.of > 0 ? multiplyDivide(tax.base, net, share.of) : 0;
      // The net may have been refunded from charges of other rates: then the tax leads.
      const isOff = tax.amount > 0 && Math.abs(shareOf(base, percentToMillionths(tax.rate)) - amount) > 1;
      return { ...tax, base: isOff ? multiplyDivide(tax.base, amount, tax.amount) : base, amount };
    })
    .filter((tax) => tax.base > 0 || tax.amount > 0);
}

function rateKey({ taxId, rate, inclusive }: TaxRate): string {
  return `${taxId} ${rate} ${inclusive}`;
}

/** Compares by code units, as `sort()` does: the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Each tax is its rate of `amount / (1 + R)`, where R is the sum of the included rates. Each is
 * rounded by itself, so that two equal rates (India's CGST and SGST) give equal taxes. The base is
 * the amount without the included taxes.
 */
function taxesOn(amount: MinorUnits, rates: readonly TaxRate[]): TaxTotal[] {
  const included = rates.filter((rate) => rate.inclusive);
  const includedRate: Millionths = sum(included.map((rate) => percentToMillionths(rate.rate)));
  const amounts = new Map(
    rates.map((rate) => [
      rateKey(rate),
      multiplyDivide(amount, percentToMillionths(rate.rate), 1_000_000 + includedRate),
    ]),
  );
  let base = amount;
  for (const key of included.map(rateKey).sort()) {
    // Included taxes of more than 100 % in total can round to more than a price of a few cents.
    const part = Math.min(amounts.get(key)!, base);
    amounts.set(key, part);
    base -= part;
  }
  return rates.map((rate) => ({
    taxId: rate.taxId,
    name: rate.name,
    rate: rate.rate,
    inclusive: rate.inclusive,
    ...(rate.vat && { vat: rate.vat }),
    base,
    amount: amounts.get(rateKey(rate))!,
  }));
}

/** The rates as they are without an exemption. */
export function fullRates(rates: readonly (TaxRate & Exempted)[]): TaxRate[] {
  return rates.map(({ taxId, name, rate, inclusive, vat, exemptRate, exemptVat }) => {
    const own = exemptRate === undefined ? vat : exemptVat;
    return { taxId, name, rate: exemptRate ?? rate, inclusive, ...(own && { vat: own }) };
  });
}

/** A tax at the rate 0 of a tax-exempt customer. One that nobody pays keeps its own reason. */
export function exemptTax<T extends TaxRate>(tax: T, exemption: VatTreatment): T {
  const isTaxed = !tax.vat || tax.vat.category === 'S' || tax.vat.category === 'Z';
  return { ...tax, rate: '0', vat: isTaxed ? exemption : tax.vat };
}

/**
 * Charges of a tax-exempt customer: included taxes are taken out of the amounts, and every tax has
 * the rate 0, with its base.
 * @param exemption why no VAT is charged.
 * @returns the net amount and the taxes of each charge, and the totals.
 */
export function exemptCharges(
  charges: readonly Charge[],
  exemption: VatTreatment,
): {
  nets: MinorUnits[];
  byCharge: TaxAmount[][];
  totals: TaxTotal[];
} {
  const { byCharge, totals } = taxCharges(charges);
  const nets = charges.map(({ amount }, index) => {
    const included = byCharge[index]!.filter((tax) => tax.inclusive).map((tax) => tax.amount);
    const net = amount - sum(included);
    return amount < 0 ? Math.min(0, net) : Math.max(0, net);
  });
  const merged: TaxTotal[] = [];
  for (const tax of totals) {
    const free = { ...exemptTax(tax, exemption), amount: 0 };
    const same = merged.find((one) => isSameRate(one, free));
    if (same) same.base = sum([same.base, free.base]);
    else merged.push(free);
  }
  return {
    nets,
    byCharge: byCharge.map((taxes) =>
      taxes.map((tax) => ({
        ...exemptTax(tax, exemption),
        amount: 0,
        exemptRate: tax.rate,
        ...(tax.vat && { exemptVat: tax.vat }),
      })),
    ),
    totals: merged,
  };
}

function withoutBase({ taxId, name, rate, inclusive, vat, amount }: TaxTotal): TaxAmount {
  return { taxId, name, rate, inclusive, ...(vat && { vat }), amount };
}
