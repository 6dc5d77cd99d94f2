/**
 * The console in a real Chromium. A screen that writes an error to the console, breaks the policy
 * of its page or asks another host fails its test, whatever else it shows.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { PrintLanguage } from '../../src/domain/restaurant/printLanguage.js';

interface Finder {
  bringChromium: (log: (line: string) => void) => Promise<{ command: string } | { reason: string }>;
}

export interface ScreenOptions {
  /** Where Servio is. */
  url: string;
  /** Below /console; default: its first page. */
  path?: string;
  /** Logs in first. */
  as?: { email: string; password: string };
  viewport?: { width: number; height: number };
  language?: PrintLanguage;
  theme?: 'light' | 'dark';
  /** Zone of the browser, which must not matter. */
  zone?: string;
  /** The browser's clock stands at this time, in ms, so that no hour ends during a test. */
  at?: number;
  /** Shares cookies and storage with this screen: another tab. */
  beside?: TestScreen;
  /** Errors that the test brings about, such as a server that is away. */
  mayFail?: RegExp;
}

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../../..');
const PATIENCE_MS = 15_000;

export class TestBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** @returns the reason in words where there is no Chromium and none can be had. */
  static async open(): Promise<TestBrowser | string> {
    const file = path.join(ROOT, 'backend/scripts/support/chromiumPackages.mjs');
    // The script is plain JavaScript without declarations; the interface above says what it
    // exports.
    const { bringChromium } = (await import(pathToFileURL(file).href)) as Finder;
    const found = await bringChromium(console.log);
    if ('reason' in found) return found.reason;
    // Containers run as root, where Chromium's sandbox does not start.
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
    return new TestBrowser(await chromium.launch({ executablePath: found.command, args }));
  }

  async screen(options: ScreenOptions): Promise<TestScreen> {
    const context = options.beside?.context ?? (await this.#context(options));
    const screen = new TestScreen(context, await context.newPage(), options);
    await screen.enter();
    return screen;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  async #context({ viewport, zone, at, language = 'en', theme = 'light' }: ScreenOptions): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      viewport: viewport ?? { width: 1280, height: 800 },
      timezoneId: zone ?? 'Pacific/Auckland',
      colorScheme: theme,
      locale: language,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    if (at !== undefined) await context.clock.setFixedTime(at);
    return context;
  }
}

export class TestScreen {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Faults that nobody looked for. */
  readonly faults: string[] = [];
  readonly #options: ScreenOptions;

  constructor(context: BrowserContext, page: Page, options: ScreenOptions) {
    this.context = context;
    this.page = page;
    this.#options = options;
    const { mayFail } = options;
    const note = (fault: string): void => {
      if (!mayFail?.test(fault)) this.faults.push(fault);
    };
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        note(`${message.type()}: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol.startsWith('http') && host !== new URL(options.url).host)
        note(`asks another host: ${request.url()}`);
    });
  }

  /** Logs in where that is wanted, and opens the page. */
  async enter(): Promise<void> {
    const { url, path: wanted = '', as, beside } = this.#options;
    const address = `${url}/console${wanted}`;
    if (as && !beside) {
      await this.page.goto(`${url}/console/icon.svg`);
      const body = JSON.stringify({ email: as.email, password: as.password });
      const status = await this.run<number>(`fetch('/v1/auth/login?cookie=true', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)},
      }).then((answer) => (localStorage.setItem('servio.session', 'true'), answer.status))`);
      assert.equal(status, 200);
    }
    await this.page.goto(address);
  }

  /** @param code of an expression in the page; its promise is awaited. */
  run<Result>(code: string): Promise<Result> {
    return this.page.evaluate<Result>(code);
  }

  /**
   * Waits until an expression in the page has this value: Chromium takes a moment to draw all of a
   * page in another theme or for paper.
   */
  async becomes(code: string, value: string): Promise<void> {
    for (const until = Date.now() + PATIENCE_MS; ; await sleep(20)) {
      const found = await this.run<string>(code);
      if (found === value) return;
      assert.ok(Date.now() < until, `${code} is ${found}, not ${value}`);
    }
  }

  /** Waits for a text in the page. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** axe finds about half of the faults that shut people out; none may be left. */
  async expectAccessible(): Promise<void> {
    await this.page.evaluate(await axeSource());
    const found = await this.run<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html.slice(0, 200), failureSummary].join(' | '))))`);
    assert.deepEqual(found, []);
  }

  /** WCAG 1.4.10: on a narrow screen, the content takes all of the width and never more. */
  async expectNarrow(): Promise<void> {
    const size = this.page.viewportSize();
    await this.page.setViewportSize({ width: 320, height: 640 });
    // Pictures are drawn anew once the page has its width.
    await this.becomes(`String(Math.max(320, document.documentElement.scrollWidth))`, '320');
    const used = await this.run<number>(`document.querySelector('.main')?.offsetWidth ?? 320`);
    const wide = await this.run<string[]>(`[...document.querySelectorAll('dialog[open] .dialog__body')]
      .filter((body) => body.scrollWidth > body.clientWidth)
      .map((body) => body.closest('dialog').innerText.slice(0, 40) + ' ' + body.scrollWidth + ' px')`);
    if (size) await this.page.setViewportSize(size);
    assert.equal(used, 320, `the content is ${used} px wide on a screen of 320`);
    assert.deepEqual(wide, [], 'dialogs that are scrolled sideways');
  }

  /** Writes a picture where SERVIO_PICTURES names a folder. */
  async picture(name: string, options: { fullPage?: boolean } = {}): Promise<void> {
    const folder = process.env['SERVIO_PICTURES'];
    if (folder) await this.page.screenshot({ path: path.join(folder, `${name}.png`), ...options });
  }

  /** Ends it. @throws AssertionError with all that went wrong meanwhile. */
  async close(): Promise<void> {
    await this.page.close();
    if (!this.#options.beside) await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}

let axe: Promise<string> | undefined;

function axeSource(): Promise<string> {
  return (axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
}
