/**
 * Files that the build wrote for a browser, with their compressed forms. They are read once, when
 * they are first asked for: the build fixes their number, some hundred, and their size.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { contentEtag } from '../../utils/storedBody.js';

export interface BuiltFile {
  type: string;
  etag: string;
  /** Bytes by content coding; `identity` is always there. */
  forms: ReadonlyMap<string, Buffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};
const CODINGS = { br: '.br', gzip: '.gz' };

export class BuiltPages {
  readonly #folder: string;
  #names: Promise<ReadonlySet<string>> | undefined;
  readonly #files = new Map<string, Promise<BuiltFile>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @param name relative to the folder, with slashes. Only names of the build lead to a file.
   * @returns undefined if the build wrote no such file.
   */
  async find(name: string): Promise<BuiltFile | undefined> {
    this.#names ??= this.#list();
    if (!(await this.#names).has(name)) return undefined;
    const known = this.#files.get(name);
    if (known) return known;
    const file = this.#read(name);
    this.#files.set(name, file);
    file.catch(() => this.#files.delete(name));
    return file;
  }

  async #list(): Promise<ReadonlySet<string>> {
    const entries = await readdir(this.#folder, { recursive: true }).catch(() => []);
    const names = entries.map((name) => name.replaceAll('\\', '/'));
    return new Set(names.filter((name) => TYPES[path.extname(name)] !== undefined));
  }

  async #read(name: string): Promise<BuiltFile> {
    const file = path.join(this.#folder, name);
    const body = await readFile(file);
    const forms = new Map([['identity', body]]);
    for (const [coding, end] of Object.entries(CODINGS)) {
      const packed = await readFile(file + end).catch(() => undefined);
      if (packed) forms.set(coding, packed);
    }
    return { type: TYPES[path.extname(name)] ?? '', etag: contentEtag(body), forms };
  }
}
