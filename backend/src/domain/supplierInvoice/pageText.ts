/** Words of a page with their places, from the text of a PDF or from a picture. */

export interface PageWord {
  text: string;
  /** Left, top, width and height as shares of the page: 0 to 1. */
  box: [number, number, number, number];
  /** 0 to 1. */
  confidence: number;
}

export interface PageText {
  /** The first is 1. */
  page: number;
  words: PageWord[];
}
