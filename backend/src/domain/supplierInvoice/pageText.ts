/** Words of a page with their places, from the text of a PDF or from a picture, and their rows. */

export interface PageWord {
  text: string;
  /** Left, top, width and height as shares of the page: 0 to 1. */
  box: [number, number, number, number];
  /** 0 to 1. */
  confidence: number;
  /** Height of its middle on the page as if the page were straight; that of its box if absent. */
  middle?: number;
}

export interface PageText {
  /** The first is 1. */
  page: number;
  words: PageWord[];
}

/** Words of one row, from left to right. */
export interface PageRow {
  page: number;
  words: PageWord[];
}

/** Rows that are closer than this share of a word's height are one. */
const SAME_ROW = 0.35;

/** From top to bottom, page after page. */
export function rowsOf(pages: readonly PageText[]): PageRow[] {
  return pages.flatMap(({ page, words }) => {
    const sorted = words.toSorted((a, b) => middleOf(a) - middleOf(b));
    const reach = SAME_ROW * medianHeight(words);
    const rows: { middle: number; words: PageWord[] }[] = [];
    for (const word of sorted) {
      const last = rows.at(-1);
      if (last && middleOf(word) - last.middle < reach) {
        last.words.push(word);
        last.middle += (middleOf(word) - last.middle) / last.words.length;
      } else rows.push({ middle: middleOf(word), words: [word] });
    }
    return rows.map((row) => ({ page, words: row.words.toSorted((a, b) => a.box[0] - b.box[0]) }));
  });
}

export function textOf(words: readonly PageWord[]): string {
  return words.map(({ text }) => text).join(' ');
}

function middleOf({ middle, box }: PageWord): number {
  return middle ?? box[1] + box[3] / 2;
}

function medianHeight(words: readonly PageWord[]): number {
  const heights = words.map(({ box }) => box[3]).toSorted((a, b) => a - b);
  return heights[Math.floor(heights.length / 2)] ?? 0;
}
