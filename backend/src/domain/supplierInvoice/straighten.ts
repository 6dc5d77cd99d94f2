/**
 * Finds how a photo is turned, so that an amount at the right is in the row of its words at the
 * left. The boxes of long lines tell the turn roughly. A photo that was taken from an angle turns
 * each
 * row differently, so the turn may change from top to bottom; what brings the amounts nearest to
 * words
 * counts.
 */
import { amountIn } from './printedAmounts.js';

export interface PlacedLine {
  text: string;
  /** Corners, clockwise from the upper left one. */
  corners: readonly (readonly [number, number])[];
}

interface Place {
  x: number;
  y: number;
  isAmount: boolean;
}

interface Turn {
  /** Rise for one step to the right, at the top of the page and for each step down. */
  slope: number;
  change: number;
}

/** Lines that are longer than this many heights tell their own turn. */
const LONG_LINE = 4;
/** Turns that are tried around the rough one, in steps. */
const SLOPES = Array.from({ length: 41 }, (_, index) => (index - 20) * 0.004);
const CHANGES = Array.from({ length: 11 }, (_, index) => (index - 5) * 0.02);
/** A larger correction must bring more: else any turn fits some rows. */
const COST_OF_SLOPE = 0.9;

/** @returns the height of the middle of each line as if the page were straight. */
export function straightened(lines: readonly PlacedLine[], pageHeight: number): number[] {
  const places = lines.map(placeOf);
  const rough = roughSlope(lines);
  const turn = bestTurn(places, rough, pageHeight);
  return places.map(({ x, y }) => y - slopeAt(turn, y, pageHeight) * x);
}

function placeOf({ text, corners }: PlacedLine): Place {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  return { x: middle(xs), y: middle(ys), isAmount: amountIn(text.replaceAll(/\s/g, '')) !== undefined };
}

function roughSlope(lines: readonly PlacedLine[]): number {
  const slopes = lines
    .flatMap(({ corners: [a, b, , d] }) =>
      a && b && d ? [{ run: b[0] - a[0], rise: b[1] - a[1], high: d[1] - a[1] }] : [],
    )
    .filter(({ run, high }) => run > LONG_LINE * high)
    .map(({ run, rise }) => rise / run)
    .toSorted((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}

function slopeAt({ slope, change }: Turn, y: number, pageHeight: number): number {
  return slope + change * (y / pageHeight - 0.5);
}

function bestTurn(places: readonly Place[], rough: number, pageHeight: number): Turn {
  const amounts = places.filter(({ isAmount }) => isAmount);
  const words = places.filter(({ isAmount }) => !isAmount);
  let best: Turn = { slope: rough, change: 0 };
  if (amounts.length < 3 || words.length < 3) return best;
  const pitch = pitchOf(amounts);
  let least = Infinity;
  for (const step of SLOPES)
    for (const change of CHANGES) {
      const turn = { slope: rough + step, change };
      const cost =
        costOf(turn, amounts, words, pitch, pageHeight) +
        COST_OF_SLOPE * amounts.length * Math.abs(step) * 5 +
        Math.abs(change);
      if (cost < least) [best, least] = [turn, cost];
    }
  return best;
}

/** The distance of amounts that follow each other: that of the rows. */
function pitchOf(amounts: readonly Place[]): number {
  const ys = amounts.map(({ y }) => y).toSorted((a, b) => a - b);
  const gaps = ys
    .slice(1)
    .map((y, index) => y - (ys[index] ?? 0))
    .filter((gap) => gap > 0)
    .toSorted((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 3)] ?? 1;
}

/** How far the amounts are from the nearest words of their row, in rows; half a row at most. */
function costOf(
  turn: Turn,
  amounts: readonly Place[],
  words: readonly Place[],
  pitch: number,
  pageHeight: number,
): number {
  let cost = 0;
  for (const amount of amounts) {
    let nearest = pitch / 2;
    for (const word of words) {
      if (word.x >= amount.x) continue;
      const apart = Math.abs(amount.y - word.y - slopeAt(turn, amount.y, pageHeight) * (amount.x - word.x));
      if (apart < nearest) nearest = apart;
    }
    cost += nearest / pitch;
  }
  return cost;
}
