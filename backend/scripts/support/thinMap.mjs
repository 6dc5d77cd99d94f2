/** Source maps that give lines only, a tenth of their size: Node keeps each one in memory. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(DIGITS.split('').map((digit, value) => [digit, value]));
/** A digit has five bits of a number, and this one when more follow. */
const MORE = 32;

/**
 * Leaves out places that are on the same line of the source as the place before them.
 * @param {string} text a source map of version 3 as JSON
 * @returns {string} the same without names, and without columns of the source
 */
export function thinned(text) {
  const { version, sources, mappings } = JSON.parse(text);
  const state = { source: 0, line: 0 };
  const written = { source: 0, line: 0 };
  const lines = mappings.split(';').map((generated) => {
    let column = 0;
    let writtenColumn = 0;
    let isFirst = true;
    const kept = [];
    for (const segment of generated === '' ? [] : generated.split(',')) {
      const [columns = 0, source, line] = numbersOf(segment);
      column += columns;
      if (source === undefined) continue;
      state.source += source;
      state.line += line;
      if (!isFirst && state.source === written.source && state.line === written.line) continue;
      kept.push(
        [column - writtenColumn, state.source - written.source, state.line - written.line, 0].map(digitsOf).join(''),
      );
      isFirst = false;
      writtenColumn = column;
      Object.assign(written, state);
    }
    return kept.join(',');
  });
  return JSON.stringify({ version, sources, names: [], mappings: lines.join(';') });
}

function numbersOf(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = VALUES.get(digit);
    value += (bits & (MORE - 1)) * 2 ** shift;
    shift += 5;
    if (bits & MORE) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function digitsOf(number) {
  let rest = number < 0 ? -number * 2 + 1 : number * 2;
  let digits = '';
  do {
    const bits = rest % MORE;
    rest = Math.floor(rest / MORE);
    digits += DIGITS[rest > 0 ? bits + MORE : bits];
  } while (rest > 0);
  return digits;
}
