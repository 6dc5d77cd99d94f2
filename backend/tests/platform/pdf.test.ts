/** Documents as PDF, read back by a reader of the tests' own. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { isRightToLeft } from '../../src/formats/labels/documentLabels.js';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import type { PrintedDocument } from '../../src/formats/printed/printedDocument.js';
import { printedText } from '../../src/formats/printed/printedText.js';
import { Renderer } from '../../src/services/print/Renderer.js';
import { type PdfJob, renderPdf } from '../../src/formats/pdf/renderPdf.js';
import { readPdf } from '../support/pdfText.js';
import { NAMES, printedDocument, printedLine } from '../support/printedSamples.js';

const AT = '2026-11-22T12:00:00.000Z';

function jobOf(document: PrintedDocument, fields: Partial<PdfJob> = {}): PdfJob {
  return { document, format: 'page', at: AT, attachments: [], ...fields };
}

async function textsOf(document: PrintedDocument, format: PdfJob['format'] = 'page'): Promise<string[]> {
  return readPdf(await renderPdf(jobOf(document, { format }))).pages.flatMap((page) => page.texts);
}

describe('documents as PDF', () => {
  test('names of every script print inside a German invoice, each in a typeface that has them', async () => {
    const lines = Object.values(NAMES).map((description) => printedLine({ description }));
    const { pages, fonts } = readPdf(await renderPdf(jobOf(printedDocument('de', { lines }))));
    // Marks above letters are drawn one by one, so a word may come in several runs.
    const shown = pages.flatMap((page) => page.texts).join('');
    assert.deepEqual(
      pages.map((page) => page.missingGlyphs),
      [0],
    );
    for (const [script, name] of Object.entries(NAMES)) {
      // Right-to-left scripts are drawn, and so read back, from the left.
      const seen = script === 'arabic' || script === 'hebrew' ? Array.from(name).reverse().join('') : name;
      assert.ok(shown.includes(seen.normalize('NFC')), `${script}: ${seen} is not in ${shown}`);
    }
    for (const family of [
      'NotoSans-',
      'NotoSansThai',
      'NotoNaskhArabic',
      'NotoSansHebrew',
      'NotoSansJP',
      'NotoSansKR',
      'NotoSansHans',
    ])
      assert.ok(
        fonts.some((font) => font.startsWith(family)),
        `${family} is not among ${fonts.join(', ')}`,
      );
  });

  test('every language has labels that its typefaces can print, on a page and on a roll', async () => {
    for (const language of PRINT_LANGUAGES) {
      const sections = [[{ label: printedDocument(language).title, value: '1' }]];
      for (const format of ['page', 'roll'] as const) {
        const { pages } = readPdf(await renderPdf(jobOf(printedDocument(language, { sections }), { format })));
        assert.ok(pages[0]!.texts.length > 10, language);
        assert.equal(
          pages.reduce((sum, page) => sum + page.missingGlyphs, 0),
          0,
          `${language} on a ${format}`,
        );
        assert.ok(!pages.some((page) => page.texts.join('').includes('\ufffd')), `${language} on a ${format}`);
      }
    }
  });

  test('Arabic letters join, and numbers inside Arabic keep their order', async () => {
    const lines = [printedLine({ description: 'بيتزا (12 قطعة) 2026' })];
    const runs = await textsOf(printedDocument('ar', { lines }));
    const start = runs.indexOf('2026');
    assert.ok(start >= 0, runs.join(' | '));
    // From the left: the last word comes first and its letters are reversed, the brackets are
    // mirrored, the numbers unchanged.
    assert.match(runs.slice(start).join(''), /^2026 \(ةعطق 12\) ازتيب/);
  });

  test('a comma at the end of a line stays behind its word, whichever way page and name run', async () => {
    const latin = printedLine({ description: `${'Soup, '.repeat(40)}Soup` });
    const arabic = printedLine({ description: `Soup ${'حمص، '.repeat(40)}حمص` });
    for (const format of ['page', 'roll'] as const) {
      for (const text of await textsOf(printedDocument('ar', { lines: [latin] }), format))
        assert.doesNotMatch(text, /^\s*,/);
      // Drawn from the left, an Arabic comma comes before its word.
      for (const text of await textsOf(printedDocument('en', { lines: [arabic] }), format))
        assert.doesNotMatch(text, /،\s*$/);
    }
  });

  test('digits of Arabic run to the right, and so do telephone numbers on Arabic pages', async () => {
    const lines = [printedLine({ description: 'خصم ١٢٣' }), printedLine({ description: '+966 50 123' })];
    const shown = (await textsOf(printedDocument('ar', { lines }))).join('|');
    assert.match(shown, /\|١٢٣\|/);
    assert.match(shown, /\|\+966 50 123\|/);
  });

  test('a letter for which its typeface has no anchor prints all the same', async () => {
    const runs = await textsOf(printedDocument('th', { lines: [printedLine({ description: 'กฬุ่ก' })] }));
    assert.ok(runs.join('').includes('กฬุ่ก'), runs.join('|'));
  });

  test('a number stands on one line however large it is, on a page and on a roll', async () => {
    const figure = '-90,071,992,547,409.91';
    const line = printedLine({ position: '10000', quantity: `${figure} kg`, unitPrice: figure, amount: figure });
    const totals = [{ label: 'Total', value: `€${figure}`, isGrand: true }];
    const taxes = [{ label: 'VAT 19%', name: 'VAT', rate: '19%', base: figure, amount: figure }];
    for (const [format, times] of [
      ['page', 5],
      ['roll', 3],
    ] as const) {
      const texts = await textsOf(printedDocument('en', { lines: [line], totals, taxes }), format);
      assert.equal(texts.filter((text) => text === figure).length, times, texts.join(' | '));
      assert.ok(texts.includes(`€${figure}`), texts.join(' | '));
      assert.equal(texts.includes('10000'), format === 'page');
    }
  });

  test('a roll goes on in another strip where no page can be longer', async () => {
    const lines = Array.from({ length: 1500 }, (_, index) => printedLine({ description: `Dish ${index}` }));
    const bytes = await renderPdf(jobOf(printedDocument('en', { lines }), { format: 'roll' }));
    const heights = [
      ...Buffer.from(bytes)
        .toString('latin1')
        .matchAll(/\/MediaBox \[0 0 226\.77 ([\d.]+)\]/g),
    ];
    assert.ok(heights.length > 1 && heights.every(([, height]) => Number(height) <= 14_400));
    const dishes = readPdf(bytes)
      .pages.flatMap((page) => page.texts)
      .filter((text) => text.includes('Dish'));
    assert.equal(dishes.length, lines.length);
  });

  test('a long reason stands below the buyer and does not tear his address apart', async () => {
    const value = 'The guest left before the soup was served to anybody at all';
    const facts = [
      { label: 'Date', value: '22.11.2026' },
      { label: 'Reason', value },
    ];
    const buyer = { label: 'Customer', name: 'Muster GmbH', details: ['Ring 1', '1010 Wien'] };
    const texts = await textsOf(printedDocument('en', { facts, buyer }));
    assert.ok(texts.indexOf(value) > texts.indexOf('1010 Wien'), texts.join(' | '));
  });

  test('a document without lines has no table', async () => {
    for (const format of ['page', 'roll'] as const)
      assert.ok(!(await textsOf(printedDocument('en', { lines: [] }), format)).includes('Description'));
    assert.doesNotMatch(printedText(printedDocument('en', { lines: [] })), /-{42}\n-{42}/);
  });

  test('what no typeface has leaves a mark, pictures leave nothing', async () => {
    const texts = await textsOf(
      printedDocument('en', { lines: [printedLine({ description: 'Chili 🌶️ hot 1️⃣ \u{12000}' })] }),
    );
    assert.ok(texts.includes('Chili  hot 1 \ufffd'), texts.join(' | '));
  });

  test('the same document gives the same bytes, another one others', async () => {
    const document = printedDocument('th', {
      lines: Object.values(NAMES).map((description) => printedLine({ description })),
    });
    const first = Buffer.from(await renderPdf(jobOf(document)));
    assert.ok(first.equals(await renderPdf(jobOf(document))));
    assert.ok(!first.equals(await renderPdf(jobOf({ ...document, number: 'INV-2026-11-0043' }))));
  });

  test('a long table repeats its heading, numbers its pages and loses no line', async () => {
    const lines = Array.from({ length: 200 }, (_, index) =>
      printedLine({ description: `Dish ${index}`, details: ['+ extra'] }),
    );
    const { pages } = readPdf(await renderPdf(jobOf(printedDocument('en', { lines }))));
    assert.ok(pages.length > 5);
    pages.forEach((page, index) => {
      assert.ok(page.texts.includes(`Page ${index + 1} of ${pages.length}`));
      const hasLines = page.texts.some((text) => text.startsWith('Dish'));
      assert.equal(page.texts.includes('Description'), hasLines, `page ${index + 1}`);
      // No line leaves its details to the next page.
      assert.equal(
        page.texts.filter((text) => text === '+ extra').length,
        page.texts.filter((text) => text.startsWith('Dish')).length,
      );
    });
    const dishes = pages.flatMap((page) => page.texts).filter((text) => text.startsWith('Dish'));
    assert.deepEqual(
      dishes,
      lines.map((line) => line.description),
    );
  });

  test('a text longer than a page is carried over', async () => {
    const words = Array.from({ length: 3000 }, (_, index) => `word${index}`);
    const texts = await textsOf(
      printedDocument('en', { lines: [printedLine({ description: words.join(' ') })], notes: [words.join(' ')] }),
    );
    const seen = texts.join(' ');
    for (const word of words) assert.equal(seen.split(`${word} `).length + (seen.endsWith(word) ? 1 : 0), 3, word);
  });

  test('a word wider than its column is cut, not run over the next column', async () => {
    const texts = await textsOf(printedDocument('en', { lines: [printedLine({ description: 'x'.repeat(300) })] }));
    const parts = texts.filter((text) => /^x+$/.test(text));
    assert.ok(parts.length > 4);
    assert.equal(parts.join('').length, 300);
  });

  test('a draft is marked on every page', async () => {
    const lines = Array.from({ length: 80 }, () => printedLine());
    const { pages } = readPdf(await renderPdf(jobOf(printedDocument('en', { lines, mark: 'DRAFT', number: null }))));
    assert.ok(pages.length > 1);
    for (const page of pages) assert.ok(page.texts.includes('DRAFT'));
  });

  test('is PDF/A-3 whose metadata survive a name with markup', async () => {
    const seller = { name: 'Fish & <Chips>', details: [] };
    const { metadata } = readPdf(await renderPdf(jobOf(printedDocument('en', { seller }))));
    assert.match(metadata, /<pdfaid:part>3<\/pdfaid:part>/);
    assert.match(metadata, /Invoice INV-2026-11-0042/);
    assert.match(metadata, /Fish +Chips</);
  });

  test('carries a file for machines', async () => {
    const attachment = {
      name: 'invoice.xml',
      content: '<a>ü</a>',
      mimeType: 'text/xml',
      description: 'for machines',
      relationship: 'Alternative' as const,
      metadata: '<x:y/>',
    };
    const { files, metadata } = readPdf(await renderPdf(jobOf(printedDocument('en'), { attachments: [attachment] })));
    assert.equal(files.get('invoice.xml'), '<a>ü</a>');
    assert.match(metadata, /<x:y\/>/);
  });

  test('Arabic pages begin at the right', () => {
    assert.deepEqual(PRINT_LANGUAGES.filter(isRightToLeft), ['ar']);
  });
});

describe('rendering in threads', () => {
  let renderer: Renderer;
  before(() => {
    renderer = new Renderer({ maxAtOnce: 1, maxWaitingEach: 2 });
  });
  after(() => renderer.close());

  test('gives what rendering here gives', async () => {
    const job = jobOf(printedDocument('de'));
    assert.deepEqual(Buffer.from(await renderer.render('house', job)), Buffer.from(await renderPdf(job)));
  });

  test('lets a few wait and refuses the rest, and all that waited are printed', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => renderer.render('house', jobOf(printedDocument('en')))),
    );
    assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 3);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal((outcome.reason as { code: string }).code, 'overloaded');
    }
  });

  test('restaurants take turns, so a pile of one of them delays another one by a document', async () => {
    const order: string[] = [];
    const print = async (house: string) => {
      await renderer.render(house, jobOf(printedDocument('en')));
      order.push(house);
    };
    // One is rendered and two wait: more than they have are refused to the first house only.
    const printing = [print('busy'), print('busy'), print('busy'), print('quiet'), print('third')];
    await assert.rejects(print('busy'), { code: 'overloaded' });
    await Promise.all(printing);
    assert.deepEqual(order, ['busy', 'busy', 'quiet', 'third', 'busy']);
  });

  test('one restaurant never has all threads, however much it prints', async () => {
    const two = new Renderer({ maxAtOnce: 2 });
    const lines = Array.from({ length: 300 }, (_, index) => printedLine({ description: `Dish ${index}` }));
    let isDone = false;
    const pile = Promise.all(
      Array.from({ length: 6 }, () => two.render('busy', jobOf(printedDocument('en', { lines })))),
    ).finally(() => (isDone = true));
    await two.render('quiet', { document: printedDocument('en'), format: 'text' });
    assert.ok(!isDone, 'the short text of the other house waited for the pile');
    await pile;
    await two.close();
  });

  test('who has waited too long is told to come again', async () => {
    const slow = new Renderer({ maxAtOnce: 1, maxWaitMs: 1 });
    const lines = Array.from({ length: 300 }, (_, index) => printedLine({ description: `Dish ${index}` }));
    const first = slow.render('busy', jobOf(printedDocument('en', { lines })));
    await assert.rejects(slow.render('quiet', jobOf(printedDocument('en'))), { code: 'overloaded' });
    await first;
    await slow.close();
  });

  test('a long text is the same from a thread', async () => {
    const document = printedDocument('ja', { lines: [printedLine({ description: '定食 '.repeat(100) })] });
    const bytes = await renderer.render('house', { document, format: 'text' });
    assert.equal(new TextDecoder().decode(bytes), printedText(document));
  });

  test('a document that fails or takes too long ends alone', async () => {
    const impatient = new Renderer({ maxAtOnce: 1, timeoutMs: 1 });
    const tooLong = { code: 'invalid_state', message: /too long to print.*0\.001 seconds.*several documents/ };
    await assert.rejects(impatient.render('house', jobOf(printedDocument('en'))), tooLong);
    await impatient.close();
    await assert.rejects(
      renderer.render('house', jobOf(printedDocument('en'), { at: 'never' })),
      /could not be rendered/,
    );
    assert.ok((await renderer.render('house', jobOf(printedDocument('en')))).length > 1000);
  });

  test('a thread that fails while it rests ends nothing, and the next document gets a new one', async () => {
    const threads: Worker[] = [];
    const note = (thread: Worker) => threads.push(thread);
    process.on('worker', note);
    const resting = new Renderer({ maxAtOnce: 1, timeoutMs: 5_000 });
    await resting.render('house', jobOf(printedDocument('en')));
    threads[0]!.emit('error', new Error('out of memory'));
    await threads[0]!.terminate();
    assert.ok((await resting.render('house', jobOf(printedDocument('en')))).length > 1000);
    process.off('worker', note);
    await resting.close();
    assert.equal(threads.length, 2);
  });

  test('the event loop answers while a thousand lines are printed', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => printedLine({ description: `Dish ${index}` }));
    const rendering = renderer.render('house', jobOf(printedDocument('en', { lines })));
    let turns = 0;
    let isDone = false;
    void rendering.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    assert.ok(turns > 100, `${turns} turns of the event loop`);
    assert.ok(readPdf(await rendering).pages.length > 20);
  });
});
