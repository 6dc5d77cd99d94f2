/** Requests that a well-behaved client cannot send: bodies in pieces, odd paths and headers, bytes on a bare socket. */
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
