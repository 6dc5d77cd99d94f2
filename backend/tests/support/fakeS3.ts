/**
 * A bucket over HTTP, as strict as Amazon's: it verifies the signature (SigV4), the digest of the
 * body, the content length, and the frames and trailers of aws-chunked bodies.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';

const ACCESS_KEY = 'AKIDEXAMPLE';
const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const REGION = 'eu-central-1';

export class FakeS3 {
  readonly objects = new Map<string, Buffer>();
  /** Refusals, for tests that expect none. */
  readonly faults: string[] = [];
  readonly sockets = new Set<unknown>();
  /** Set: every call is answered with it. */
  failsWith: number | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeS3> {
    const server = createServer();
    const fake = new FakeS3(server);
    server.on('request', (request, response) => void fake.#serve(request, response));
    server.on('connection', (socket) => fake.sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get endpoint(): string {
    // A TCP server's address is never a string.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What FileStore needs to reach it. */
  settings(bucket = 'servio') {
    const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
    return { bucket, endpoint: this.endpoint, region: REGION, credentials };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const sent = Buffer.concat(pieces);
    if (this.failsWith !== undefined) return refuse(response, this.failsWith, 'InternalError');
    const fault = signatureFault(request) ?? lengthFault(request, sent);
    const body = fault === undefined ? plainBody(request, sent) : undefined;
    if (fault !== undefined || typeof body === 'string' || body === undefined) {
      this.faults.push(`${request.method} ${request.url}: ${fault ?? String(body)}`);
      return refuse(response, 403, 'SignatureDoesNotMatch');
    }
    this.#answer(request, response, body);
  }

  #answer({ method, url = '' }: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const key = decodeURIComponent(new URL(url, 'http://x').pathname);
    const found = this.objects.get(key);
    if (method === 'PUT') {
      this.objects.set(key, body);
      response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
    } else if (method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else if (!found) refuse(response, 404, 'NoSuchKey');
    else response.writeHead(200, { 'content-length': found.length }).end(found);
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** Recomputes the signature of a request (AWS Signature Version 4). */
function signatureFault(request: IncomingMessage): string | undefined {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, access, date = '', region = '', signed = '', signature] =
    form.exec(request.headers.authorization ?? '') ?? [];
  if (access !== ACCESS_KEY || region !== REGION) return 'no credential of ours';
  const names = signed.split(';');
  for (const must of ['host', 'x-amz-content-sha256', 'x-amz-date'])
    if (!names.includes(must)) return `${must} is not signed`;
  const url = new URL(request.url ?? '', 'http://x');
  const search = [...url.searchParams].map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const headers = names.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
  const payload = String(request.headers['x-amz-content-sha256']);
  const canonical = [request.method, url.pathname, search.sort().join('&'), headers, signed, payload].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, digest(canonical)].join('\n');
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${SECRET_KEY}`, date), region));
  return hmac(key, text).toString('hex') === signature ? undefined : 'the signature does not match';
}

function lengthFault({ headers, method }: IncomingMessage, sent: Buffer): string | undefined {
  if (method !== 'PUT') return undefined;
  return Number(headers['content-length']) === sent.length ? undefined : 'no content-length of the body';
}

/** The body without its frames, or its fault. */
function plainBody({ headers }: IncomingMessage, sent: Buffer): Buffer | string {
  const payload = String(headers['x-amz-content-sha256']);
  if (payload === 'UNSIGNED-PAYLOAD') return sent;
  if (payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return unframed(headers, sent);
  return digest(sent) === payload ? sent : 'the digest of the body does not match';
}

function unframed(headers: IncomingMessage['headers'], sent: Buffer): Buffer | string {
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = sent.indexOf('\r\n', at);
    const size = Number.parseInt(sent.subarray(at, end).toString('latin1'), 16);
    if (end < 0 || Number.isNaN(size)) return 'a frame is broken';
    at = end + 2;
    if (size === 0) break;
    pieces.push(sent.subarray(at, at + size));
    at += size + 2;
  }
  const body = Buffer.concat(pieces);
  if (Number(headers['x-amz-decoded-content-length']) !== body.length) return 'the decoded length does not match';
  const [, sum = ''] = /x-amz-checksum-crc32:([\w+/=]+)/.exec(sent.subarray(at).toString('latin1')) ?? [];
  const expected = Buffer.alloc(4);
  expected.writeUInt32BE(crc32(body));
  return sum === expected.toString('base64') ? body : 'the trailer does not match the body';
}
