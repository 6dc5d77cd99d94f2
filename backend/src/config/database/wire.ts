/**
 * Messages of PostgreSQL's extended query protocol, written into one buffer: a burst of statements
 * is one write to the socket. pg makes a buffer for each message, five for each statement.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import pg from 'pg';

/** Its types leave out how pg turns a parameter into text or bytes. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => string | Buffer | null } })
  .utils;

const PARSE = 0x50;
const BIND = 0x42;
const DESCRIBE = 0x44;
const EXECUTE = 0x45;
const SYNC = 0x53;
const PORTAL = 0x50;
const AS_TEXT = 0;
const AS_BYTES = 1;
/** Bytes of UTF-8 for a unit of a JavaScript string, at most. */
const BYTES_PER_UNIT = 3;
const FIRST_BYTES = 16_384;
/** A buffer that one large statement needed is not kept. */
const KEPT_BYTES = 1_048_576;

class Outgoing {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** Prepares a statement. */
  parse(name: string, text: string): void {
    const start = this.#begin(PARSE);
    this.#terminated(name);
    this.#terminated(text);
    this.#int16(0);
    this.#end(start);
  }

  /** Gives a prepared statement its parameters. All columns of its rows are to be text. */
  bind(name: string, values: readonly unknown[]): void {
    const start = this.#begin(BIND);
    this.#terminated('');
    this.#terminated(name);
    const prepared = values.map((value) => prepareValue(value));
    this.#int16(prepared.length);
    for (const value of prepared) this.#int16(Buffer.isBuffer(value) ? AS_BYTES : AS_TEXT);
    this.#int16(prepared.length);
    for (const value of prepared) this.#value(value);
    this.#int16(0);
    this.#end(start);
  }

  /** Asks for the columns of the rows to come. */
  describe(): void {
    const start = this.#begin(DESCRIBE);
    this.#byte(PORTAL);
    this.#terminated('');
    this.#end(start);
  }

  execute(): void {
    const start = this.#begin(EXECUTE);
    this.#terminated('');
    this.#int32(0);
    this.#end(start);
  }

  sync(): void {
    this.#end(this.#begin(SYNC));
  }

  /** All messages since the last call. */
  take(): Buffer {
    // A copy, because the socket may send it later.
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.clear();
    return taken;
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(FIRST_BYTES);
  }

  #value(value: string | Buffer | null): void {
    if (value === null) this.#int32(-1);
    else if (typeof value === 'string') {
      const at = this.#length;
      this.#int32(0);
      this.#text(value);
      this.#bytes.writeInt32BE(this.#length - at - 4, at);
    } else {
      this.#int32(value.length);
      this.#reserve(value.length);
      this.#length += value.copy(this.#bytes, this.#length);
    }
  }

  #begin(type: number): number {
    this.#byte(type);
    this.#int32(0);
    return this.#length - 4;
  }

  /** The length of a message includes itself. */
  #end(start: number): void {
    this.#bytes.writeInt32BE(this.#length - start, start);
  }

  #terminated(text: string): void {
    this.#text(text);
    this.#byte(0);
  }

  #text(text: string): void {
    this.#reserve(text.length * BYTES_PER_UNIT);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeUInt16BE(value, this.#length);
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Each burst is written in one turn, so all connections share it. */
export const outgoing = new Outgoing();
