/**
 * Requests that a well-behaved client cannot send: bodies in pieces, odd paths and headers, raw
 * bytes on a socket.
 */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { Json } from './api.js';

const agent = new Agent({ keepAlive: true });

export interface RawAnswer {
  status: number;
  headers: Headers;
  body: Json;
  text: string;
}

export interface RawRequest {
  method?: string;
  /** Sent as it is: nothing is encoded. */
  path: string;
  headers?: Record<string, string | string[]>;
  /** More than one piece, or none of known length, goes out as chunks. */
  pieces?: Iterable<Uint8Array | string>;
}

export function sendRaw(url: string, options: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = request(
      {
        hostname,
        port,
        path: options.path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        agent,
      },
      (response) => {
        const received: Buffer[] = [];
        response.on('data', (piece: Buffer) => received.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(received).toString('utf8');
          const headers = new Headers();
          for (const [name, values] of Object.entries(response.headersDistinct))
            for (const value of values ?? []) headers.append(name, value);
          const isJson = /json/.test(headers.get('content-type') ?? '');
          resolve({ status: response.statusCode ?? 0, headers, text, body: isJson && text ? JSON.parse(text) : {} });
        });
      },
    );
    outgoing.on('error', reject);
    for (const piece of options.pieces ?? []) outgoing.write(piece);
    outgoing.end();
  });
}

/** A connection on which bytes were sent and more may follow. */
export interface OpenConnection {
  /** The first answer. Rejected when the connection ends without one. */
  answer: Promise<RawAnswer>;
  /** Resolved when the server has closed the connection. */
  closed: Promise<void>;
  send: (bytes: string) => void;
  /** Reads nothing from now on. */
  pause: () => void;
  end: () => void;
}

/**
 * Sends bytes and keeps the connection open.
 * @param from the local address to connect from.
 */
export async function openConnection(url: string, bytes: string, from = '127.0.0.1'): Promise<OpenConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, localAddress: from });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let text = '';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const read = readAnswer(text);
      if (read) resolve(read);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
  });
  // Not every test asks for it.
  answer.catch(() => undefined);
  socket.write(bytes);
  return {
    answer,
    closed,
    send: (more) => socket.write(more),
    pause: () => socket.pause(),
    end: () => socket.destroy(),
  };
}

/** An answer of known length, once it is whole. */
function readAnswer(text: string): RawAnswer | undefined {
  const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.split(':')[0] ?? '', line.replace(/^[^:]*:/, '').trim()]),
  );
  const length = headers.get('content-length');
  const isJson = /json/.test(headers.get('content-type') ?? '');
  if (length === null || Buffer.byteLength(body) < Number(length)) return undefined;
  return {
    status: Number(first.split(' ')[1]),
    headers,
    text: body,
    body: isJson && body !== '' ? JSON.parse(body) : {},
  };
}

/** Sends bytes and answers what came back until the server closed the connection. */
export function sendBytes(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    const received: Buffer[] = [];
    socket.on('data', (piece) => received.push(piece));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(received).toString('utf8')));
  });
}
