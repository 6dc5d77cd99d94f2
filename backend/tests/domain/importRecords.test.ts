import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter, MAX_LINE_CHARS } from '../../src/formats/csv/lines.js';
import type { Quoting } from '../../src/formats/csv/lineCells.js';
import { RecordReader } from '../../src/formats/csv/records.js';

function linesOf(...pieces: string[]): string[] {
  const splitter = new LineSplitter();
  const lines = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  assert.deepEqual(
    lines.map((line) => line.number),
    lines.map((_, index) => index + 1),
  );
  return lines.map((line) => (line.tooLong ? 'too long' : line.text));
}

/** Cells of each record by its line, or the fault. */
function records(text: string, quoting: Quoting = 'on', delimiter = ','): (string | string[])[] {
  const splitter = new LineSplitter();
  const reader = new RecordReader({ delimiter, quoting, header: true });
  const lines = [...splitter.push(text), ...splitter.end()];
  return [...lines.flatMap((line) => reader.push(line)), ...reader.end()].map((record) =>
    'cells' in record ? record.cells : `${record.line}: ${record.fault}`,
  );
}

/** How often a line is read: each reading looks for a quote in it first. */
function countingReadings(work: () => unknown): number {
  const counted = mock.method(String.prototype, 'includes');
  work();
  counted.mock.restore();
  return counted.mock.callCount();
}

describe('lines', () => {
  test('end with LF, CR LF or CR, mixed as they come', () => {
    assert.deepEqual(linesOf('a\nb\r\nc\rd'), ['a', 'b', 'c', 'd']);
    assert.deepEqual(linesOf('a\n\nb\n'), ['a', '', 'b']);
    assert.deepEqual(linesOf('a\r\rb\r'), ['a', '', 'b']);
    assert.deepEqual(linesOf(''), []);
  });

  test('are the same however the text is cut into pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n'), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(40), { maxLength: 6 }), (whole, cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const pieces = places.map((place, index) => whole.slice(place, places[index + 1] ?? whole.length));
        assert.deepEqual(linesOf(...pieces), linesOf(whole));
      }),
    );
  });

  test('of any length take no more memory than the longest allowed one', () => {
    const long = 'x'.repeat(MAX_LINE_CHARS);
    assert.deepEqual(linesOf('a\n', long, long, long, '\nb'), ['a', 'too long', 'b']);
    assert.deepEqual(linesOf(`${long}x\nb`), ['too long', 'b']);
    assert.deepEqual(linesOf(long, '\r', '\nb'), [long, 'b']);
  });
});

describe('records', () => {
  test('quoted cells hold delimiters, quotes and line ends', () => {
    assert.deepEqual(records('a,b\n"x, y","say ""hi"""\n"two\nlines",z'), [
      ['a', 'b'],
      ['x, y', 'say "hi"'],
      ['two\nlines', 'z'],
    ]);
  });

  test('a quote inside a cell is plain text', () => {
    assert.deepEqual(records('a,b\n5" pizza,1'), [
      ['a', 'b'],
      ['5" pizza', '1'],
    ]);
  });

  test('with quoting off quotes mean nothing', () => {
    assert.deepEqual(records('a,b\n"x,y"', 'off'), [
      ['a', 'b'],
      ['"x', 'y"'],
    ]);
  });

  test('lenient quoting takes a quote that does not work out as text', () => {
    assert.deepEqual(records('a\tb\n"Hot" wings\t1\n"a ""b"""\t2\n"open\t3', 'lenient', '\t'), [
      ['a', 'b'],
      ['"Hot" wings', '1'],
      ['a "b"', '2'],
      ['"open', '3'],
    ]);
  });

  test('a quote opened by mistake costs its own line and no other', () => {
    assert.deepEqual(records('a,b\n"oops,1\nc,2\n"d",3\ne,4'), [
      ['a', 'b'],
      '2: a quote is opened but never closed',
      ['c', '2'],
      ['d', '3'],
      ['e', '4'],
    ]);
    const rest = Array.from({ length: 500 }, (_, index) => [`r${index}`, '1']);
    const text = `a,b\n"oops,1\n${rest.map((cells) => cells.join(',')).join('\n')}`;
    assert.deepEqual(records(text), [['a', 'b'], '2: a quote is opened but never closed', ...rest]);
  });

  test('a line is read twice at most, whatever quotes are opened and never closed in it', () => {
    const hostile = ['x","y', '"open', 'x ""y""', '"a","b', '""","', '"', ',""",'];
    for (const line of [...hostile, hostile.join('\n')]) {
      const text = `a,b,c\n"open\n${`${line}\n`.repeat(300)}`;
      const splitter = new LineSplitter();
      const lines = [...splitter.push(text), ...splitter.end()];
      const reader = new RecordReader({ delimiter: ',', quoting: 'on', header: true });
      const readings = countingReadings(() => [...lines.flatMap((one) => reader.push(one)), ...reader.end()]);
      assert.ok(readings >= lines.length && readings <= 2 * lines.length, `${line}: ${readings} of ${lines.length}`);
    }
  });

  test('a record of very many characters is none, though each of its lines is short enough', () => {
    const long = 'x'.repeat(MAX_LINE_CHARS - 10);
    assert.deepEqual(records(`a,b\n"${long}\n${long}",1\nc,2`), [
      ['a', 'b'],
      '2: a quote is opened but never closed',
      [`${long}"`, '1'],
      ['c', '2'],
    ]);
  });

  test('a quote that closes far below and leaves the wrong number of columns costs its own line', () => {
    assert.deepEqual(records('a,b\n"oops,1\nc,2\nd", 3, 4\ne,5'), [
      ['a', 'b'],
      '2: a quote is opened and closed 2 lines below; with this quote, the record has 3 columns instead of 2',
      ['c', '2'],
      '4: has 3 columns instead of 2',
      ['e', '5'],
    ]);
  });

  test('a row with too many or too few columns is faulty, empty ones at its end are forgiven', () => {
    assert.deepEqual(records('a,b\n1\n1,2,3\n1,2,, \n,\n \n1,2'), [
      ['a', 'b'],
      '2: has 1 columns instead of 2',
      '3: has 3 columns instead of 2',
      ['1', '2'],
      ['1', '2'],
    ]);
    assert.deepEqual(records('a,b,,\n1,2\n1,2,3'), [['a', 'b'], ['1', '2'], '3: has 3 columns instead of 2']);
  });

  test('whatever stands in the file, every line is in a record, in a fault, or blank', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' '), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.constantFrom<Quoting>('on', 'lenient', 'off'), (whole, quoting) => {
        const read = records(whole, quoting);
        assert.ok(read.length <= whole.split('\n').length);
        const letters = (part: string) => part.replaceAll(/[^a]/g, '').length;
        const faulty = new Set(
          read.flatMap((record) => (typeof record === 'string' ? [Number.parseInt(record, 10)] : [])),
        );
        const kept = read.flatMap((record) => (typeof record === 'string' ? [] : record)).map(letters);
        const lost = whole
          .split('\n')
          .filter((_, index) => faulty.has(index + 1))
          .map(letters);
        const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
        assert.equal(sum(kept) + sum(lost), letters(whole));
      }),
    );
  });
});
