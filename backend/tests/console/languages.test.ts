/** The console in each of its languages: no key and no English word is shown in place of a message. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PRINT_LANGUAGES, type PrintLanguage } from '../../src/domain/restaurant/printLanguage.js';
import { startApi, type TestApi } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { filesOf, hasFile, messagesOf } from '../support/consoleMessages.js';

/** Elements whose words are those of the console; cells and paragraphs have data as well. */
const LABELS = 'h1, h2, th, label, legend, button, summary, [role=tab], .nav__link';
/** Its words are the longest: all of its screens are walked, those of others in part. */
const WALKED_WHOLE: PrintLanguage = 'fr';
const WHOLE = ['kitchen', 'till'];
const WALKED = ['orders', 'settings'];
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 320, height: 640 };

/** Words of buttons and marks that do not fit into them. */
const WORDS_CUT_OFF = `[...document.querySelectorAll('button, .button, .chip')]
  .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent)`;

/** Messages by their whole key, such as `orders.title`. */
function messagesIn(language: PrintLanguage): Map<string, string> {
  return new Map(
    filesOf(language).flatMap((file) => {
      const noun = /^screens\/(\w+)/.exec(file)?.[1];
      return [...messagesOf(file)].map(([key, text]) => [noun ? `${noun}.${key}` : key, text] as const);
    }),
  );
}

const english = messagesIn('en');
const spoken = PRINT_LANGUAGES.filter((language) => filesOf(language).every(hasFile));

describe('the console in its languages', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  before(async () => {
    api = await startApi();
  });
  after(async () => {
    await browser.close();
    await api.close();
  });

  test('a person chooses each language and finds no other one on the screens', async () => {
    const screen = await browser.screen({ url: api.url, language: WALKED_WHOLE });
    let words = messagesIn(WALKED_WHOLE);
    const say = (key: string): string => words.get(key) ?? assert.fail(`no message ${key}`);
    await screen.sees(say('doors.welcome'));
    await expectOwnWords(screen, words);
    await screen.page.getByRole('button', { name: say('doors.demo') }).click();
    await screen.page.waitForSelector('.tiles');
    for (const language of spoken) {
      await screen.page.getByRole('button', { name: say('person') }).click();
      await screen.page
        .getByRole('dialog')
        .getByRole('combobox', { name: say('language'), exact: true })
        .selectOption(language);
      words = messagesIn(language);
      await screen.page.getByRole('button', { name: say('logout') }).waitFor();
      assert.equal(await screen.run('document.documentElement.lang'), language);
      await expectOwnWords(screen, words);
      await screen.page.keyboard.press('Escape');
      for (const noun of await nounsOf(screen, words)) {
        if (language !== WALKED_WHOLE && !WALKED.includes(noun)) continue;
        await screen.page
          .locator('.nav')
          .getByRole('link', { name: say(`${noun}.title`), exact: true })
          .click();
        await screen.page.getByRole('heading', { level: 1, name: say(`${noun}.title`), exact: true }).waitFor();
        await screen.page.locator('.skeleton').first().waitFor({ state: 'detached' });
        await expectOwnWords(screen, words);
        await expectRoom(screen, `${language}-${noun}`);
      }
      if (language !== WALKED_WHOLE) continue;
      await expectWhole(screen, words, 'kitchen', '.kitchen-ticket');
      await expectWhole(screen, words, 'till', '.till-card');
    }
    await screen.close();
  });
});

/** Buttons have room for their words, on a desk and on a phone. */
async function expectRoom(screen: TestScreen, picture: string): Promise<void> {
  assert.deepEqual(await screen.run(WORDS_CUT_OFF), [], picture);
  await screen.expectNarrow();
  await screen.page.setViewportSize(PHONE);
  assert.deepEqual(await screen.run(WORDS_CUT_OFF), [], `${picture} on a phone`);
  await screen.picture(picture, { fullPage: true });
  await screen.page.setViewportSize(DESK);
}

/** A screen that fills the page, without the navigation. */
async function expectWhole(screen: TestScreen, words: Map<string, string>, noun: string, part: string): Promise<void> {
  const link = screen.page.locator('.nav').getByRole('link', { name: words.get(`${noun}.title`) ?? '', exact: true });
  await link.click();
  await screen.page.locator(part).first().waitFor();
  await expectOwnWords(screen, words);
  await expectRoom(screen, `${noun}-words`);
  await screen.page.getByRole('button', { name: words.get(`${noun}.leave`) ?? '' }).click();
  await screen.page.locator('.nav').waitFor();
}

/** Nouns of the screens in the navigation; the kitchen and the till leave it. */
async function nounsOf(screen: TestScreen, words: Map<string, string>): Promise<string[]> {
  const titles = await screen.page.locator('.nav .nav__link').allInnerTexts();
  const nouns = [...words].flatMap(([key, text]) =>
    key.endsWith('.title') && titles.includes(text) ? [key.slice(0, -'.title'.length)] : [],
  );
  return nouns.filter((noun) => !WHOLE.includes(noun) && !noun.includes('.'));
}

async function expectOwnWords(screen: TestScreen, own: Map<string, string>): Promise<void> {
  const shown = await screen.page.locator(LABELS).allInnerTexts();
  assert.ok(shown.length > 3);
  const words = new Set(own.values());
  const left = [...english.values()].filter((text) => /\p{L}{3}/u.test(text) && !words.has(text));
  const foreign = new Set([...left, ...english.keys()]);
  assert.deepEqual(
    shown.map((text) => text.trim()).filter((text) => foreign.has(text)),
    [],
  );
}
