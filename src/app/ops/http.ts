import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { entryName } from '../../core/names.ts';
import { readAddress } from '../../features/evidence/address.ts';
import { evidenceError } from '../../features/evidence/evidence-error.ts';
import { type HeaderPair, readHeader } from '../../features/evidence/headers.ts';
import { type HttpKept, httpRequest } from '../../features/evidence/http-request.ts';
import { dataType } from '../../features/evidence/request-data.ts';
import { readExpectation } from '../../features/evidence/status-expectation.ts';
import { RECORDED_BYTES } from '../config.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { parseDuration } from '../duration.ts';
import { taskOf } from '../entry-json.ts';
import { contentsJson, contentsOf, placeFields, placeOf } from '../evidence-fields.ts';
import { httpExit } from '../http-exit.ts';
import { httpText } from '../http-text.ts';

export default defineOp({
  name: 'http',
  summary: 'send an HTTP request and keep the answer as evidence',
  details:
    'Kept are status, headers, the body, the time each part took, and the certificate. Values of Authorization, Cookie, Set-Cookie and of other headers with a secret’s name are never stored. Exit codes: 0 an answer came, whatever its status; 1 with --expect-status another came; without an answer as curl has them: 6 name not known, 7 no connection, 18 the body broke off, 28 out of time, 35 TLS failed, 47 too many redirects, 52 closed without an answer, 56 no HTTP, 60 the certificate does not hold. It connects directly, past proxies.',
  effect: 'execute',
  input: z.object({
    method: z
      .optional(z.string())
      .check(z.describe('GET, POST, …; without it GET, or POST with --data')),
    url: z.optional(z.string()).check(z.describe('the address: http or https')),
    header: z
      ._default(z.array(z.string()), [])
      .check(z.describe('a header, as Name: value; may stand several times')),
    data: z
      .optional(z.string())
      .check(z.describe('the body; @FILE reads a file, - standard input')),
    timeout: z
      ._default(z.string(), '30s')
      .check(z.describe('give up after this long, the body included')),
    insecure: z
      ._default(z.boolean(), false)
      .check(z.describe('accept a certificate that does not hold; the entry says so')),
    maxRedirects: z
      ._default(z.int().check(z.minimum(0), z.maximum(20)), 10)
      .check(z.describe('follow so many; 0 keeps the redirect itself')),
    expectStatus: z
      .optional(z.string())
      .check(z.describe('exit 1 on any other status: 200, 2xx, 200,204')),
    ...placeFields,
  }),
  output: () =>
    z.object({
      entry: z.string(),
      task: z.nullable(z.string()).check(z.describe('null if it stands outside tasks')),
      method: z.string(),
      url: z.string(),
      finalUrl: z.string(),
      redirects: z.int(),
      status: z.nullable(z.int()).check(z.describe('null where no answer came')),
      reason: z.nullable(z.string()),
      type: z.nullable(z.string()),
      body: z.nullable(contentsJson()),
      failure: z.nullable(
        z.object({
          what: z.string().check(z.describe('name, connection, timeout, tls, certificate, …')),
          why: z.string(),
        }),
      ),
      expected: z.nullable(z.object({ status: z.string(), met: z.boolean() })),
      timing: z.object({
        dnsMicros: z.nullable(z.int()),
        connectMicros: z.nullable(z.int()),
        tlsMicros: z.nullable(z.int()),
        firstByteMicros: z.nullable(z.int()),
        totalMicros: z.int(),
      }),
      tls: z.nullable(
        z.object({
          protocol: z.string(),
          trusted: z.boolean(),
          why: z.nullable(z.string()),
          subject: z.nullable(z.string()),
          validTo: z.nullable(z.string()),
        }),
      ),
    }),
  examples: [
    { type: 'proof http localhost:3000/health', does: 'GET' },
    { type: 'proof http https://example.org --expect-status 2xx', does: 'exit 1 on others' },
    { type: `proof http POST localhost:3000/login -d '{"user":"ada"}'`, does: 'JSON is seen' },
    { type: "proof http localhost:3000 -H 'Accept: text/html' --on E41", does: 'about E41' },
  ],
  cli: {
    positionals: ['method', 'url'],
    short: { task: 't', header: 'H', data: 'd' },
    print: (output, paint) => httpText(output, paint),
    exit: httpExit,
  },
  async run(context, input) {
    const { method, url } = methodAndUrl(input);
    const expected = input.expectStatus === undefined ? null : readExpectation(input.expectStatus);
    const timeoutMs = parseDuration(input.timeout);
    const given = input.header.map(readHeader);
    const body = input.data === undefined ? null : await dataOf(context, input.data);
    const ledger = await context.ledger();
    const place = placeOf(context, ledger, input);
    const { exchange } = await context.evidence();
    const kept = await httpRequest({ exchange }, ledger, {
      ...place,
      method,
      url,
      headers: body === null ? given : withType(given, body),
      body,
      insecure: input.insecure,
      timeoutMs,
      maxRedirects: input.maxRedirects,
      expected,
      bound: RECORDED_BYTES,
      userAgent: `prooflayer/${context.version}`,
    });
    return { task: taskOf(ledger, kept.seq), ...toJson(kept) };
  },
});

function toJson({ seq, body }: HttpKept) {
  const { answer, tls } = body;
  return {
    entry: entryName(seq),
    method: body.method,
    url: body.url,
    finalUrl: body.finalUrl,
    redirects: body.redirects.length,
    status: answer?.status ?? null,
    reason: answer?.reason ?? null,
    type: answer?.type ?? null,
    body: answer === null ? null : contentsOf(answer.content),
    failure: body.failure,
    expected: body.expected ?? null,
    timing: body.timing,
    tls:
      tls === null
        ? null
        : {
            protocol: tls.protocol,
            trusted: tls.trusted,
            why: tls.why ?? null,
            subject: tls.certificate?.subject ?? null,
            validTo: tls.certificate?.validTo ?? null,
          },
  };
}

/** `URL`, or `METHOD URL`: with one word it is the address. */
function methodAndUrl(input: {
  method?: string | undefined;
  url?: string | undefined;
  data?: string | undefined;
}): { method: string; url: URL } {
  const alone = input.url === undefined;
  const address = alone ? input.method : input.url;
  // A method alone is no host: whoever forgot the address gets no answer about `https://get/`.
  if (address === undefined || (alone && METHODS.test(address))) {
    throw new ProofError({
      code: 'usage.missing-argument',
      message: 'http needs URL',
      why: 'the address to ask',
      remedy: 'proof http localhost:3000/health',
      exit: EXIT.usage,
    });
  }
  const fallback = input.data === undefined ? 'GET' : 'POST';
  const method = ((alone ? undefined : input.method) ?? fallback).toUpperCase();
  if (!/^[A-Z][A-Z-]{1,19}$/.test(method) || method === 'CONNECT') {
    throw evidenceError(
      'http.bad-method',
      `"${method.slice(0, 40)}" is no method that can be sent`,
      'the method stands before the address: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
      'proof http POST localhost:3000/login --data @body.json',
    );
  }
  return { method, url: readAddress(address, ['http:', 'https:'], 'proof http localhost:3000') };
}

const METHODS = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

async function dataOf(context: Context, data: string): Promise<Uint8Array> {
  if (data === '-') {
    const pieces: Uint8Array[] = [];
    for await (const piece of context.inputBytes()) pieces.push(piece);
    return Buffer.concat(pieces);
  }
  if (!data.startsWith('@')) return Buffer.from(data);
  const file = (await context.evidence()).openRegularFile(resolve(context.cwd, data.slice(1)));
  try {
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}

function withType(headers: readonly HeaderPair[], body: Uint8Array): readonly HeaderPair[] {
  if (headers.some(([name]) => name.toLowerCase() === 'content-type')) return headers;
  return [...headers, ['Content-Type', dataType(body)]];
}
