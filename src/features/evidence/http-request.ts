import type { Body } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { MaskRules } from '../../ledger/mask/mask-rules.ts';
import { ownValuesGiven } from '../../ledger/mask/own-values.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { safelyDecoded, secretsInAddress, shownUrl } from './address.ts';
import { refsOf } from './attach.ts';
import { ContentsKeeper } from './contents-keeper.ts';
import { type EvidencePlace, noteOn, placed } from './evidence-place.ts';
import { type HeaderPair, secretsInHeaders, storedHeaders } from './headers.ts';
import { type KeptAnswer, keepAnswer } from './http-answer.ts';
import type { Failure, Hop, HttpMachine } from './http-machine.ts';
import { mediaType } from './media-type.ts';
import { type NextHop, nextHop } from './redirect.ts';
import type { StatusExpectation } from './status-expectation.ts';

export interface HttpAsked extends EvidencePlace {
  method: string;
  url: URL;
  headers: readonly HeaderPair[];
  body: Uint8Array | null;
  insecure: boolean;
  timeoutMs: number;
  /** Redirects that are followed; the answer after the last is the answer. */
  maxRedirects: number;
  expected: StatusExpectation | null;
  /** Bytes kept of the body. */
  bound: number;
  /** `prooflayer/0.1.0`. */
  userAgent: string;
}

export interface HttpKept {
  seq: Seq;
  body: Body<'http'>;
}

/**
 * Sends an HTTP request, follows redirects, and keeps what came of it. That nothing came is kept
 * too: that a server was down is worth as much as what it says when it is up.
 */
export async function httpRequest(
  machine: HttpMachine,
  ledger: Ledger,
  asked: HttpAsked,
): Promise<HttpKept> {
  const started = new Date();
  const startedAt = process.hrtime.bigint();
  const secrets = [...secretsInAddress(asked.url), ...secretsInHeaders(asked.headers)];
  ledger.rules.also(ownValuesGiven(secrets));
  const sent = asked.body === null ? null : await keepSent(ledger, asked.body, asked.headers);
  const signal = AbortSignal.timeout(asked.timeoutMs);
  const first: NextHop = withCredentials({
    method: asked.method,
    url: asked.url,
    headers: asked.headers,
    body: asked.body,
  });
  const walked = await walk(machine, ledger, asked, first, signal);
  let kept: KeptAnswer | null = null;
  const { answer } = walked.hop;
  if (answer !== null) {
    // What the answer hands out is a secret from here on: its body may say it again.
    ledger.rules.also(ownValuesGiven(secretsInHeaders(answer.headers)));
    kept = await keepAnswer(ledger, answer, asked.bound);
  }
  const body = bodyOf(ledger.rules, asked, walked, kept);
  const blobs: StoredBlob[] = [sent?.blob ?? null, kept?.blob ?? null].filter(
    (one) => one !== null,
  );
  const whole: Body<'http'> = {
    ...body,
    request: {
      headers: storedHeaders(ledger.rules, sentHeaders(first, asked)),
      content: sent?.content ?? null,
    },
    timing: {
      ...walked.hop.timing,
      totalMicros: Number((process.hrtime.bigint() - startedAt) / 1000n),
    },
    started: started.toISOString(),
    ended: new Date().toISOString(),
    maskRules: ledger.rules.version,
  };
  const [seq] = await ledger.append(
    ({ size, ledger: reader }) => [
      {
        kind: 'http',
        body: whole,
        ...placed(reader, asked),
        blobs: [...refsOf(sent?.blob ?? null), ...refsOf(kept?.blob ?? null)],
      },
      ...noteOn(reader, asked, size),
    ],
    blobs,
  );
  return { seq: seq as Seq, body: whole };
}

interface Walked {
  hop: Hop;
  last: NextHop;
  redirects: { status: number; url: string }[];
  failure: Failure | null;
}

/** From answer to answer, until one is no redirect, or there were enough of them. */
async function walk(
  machine: HttpMachine,
  ledger: Ledger,
  asked: HttpAsked,
  first: NextHop,
  signal: AbortSignal,
): Promise<Walked> {
  const redirects: Walked['redirects'] = [];
  for (let last = first; ; ) {
    const hop = await machine.exchange({
      method: last.method,
      url: last.url,
      headers: sentHeaders(last, asked),
      body: last.body,
      insecure: asked.insecure,
      signal,
    });
    const next = hop.answer === null ? null : nextHop(last, hop.answer);
    if (next === null || asked.maxRedirects === 0)
      return { hop, last, redirects, failure: hop.failure };
    if (redirects.length >= asked.maxRedirects) {
      const why = `redirected more than ${asked.maxRedirects} times`;
      return { hop, last, redirects, failure: { what: 'redirects', why } };
    }
    hop.answer?.discard();
    ledger.rules.also(ownValuesGiven(secretsInAddress(next.url)));
    redirects.push({ status: hop.answer?.status ?? 0, url: shownUrl(ledger.rules, next.url, 500) });
    last = withCredentials(next);
  }
}

/** A user in the address becomes the header that it stands for. */
function withCredentials(hop: NextHop): NextHop {
  const { username, password } = hop.url;
  if (username === '' && password === '') return hop;
  if (hop.headers.some(([name]) => name.toLowerCase() === 'authorization')) return hop;
  const pair = `${safelyDecoded(username)}:${safelyDecoded(password)}`;
  const value = `Basic ${Buffer.from(pair).toString('base64')}`;
  return { ...hop, headers: [...hop.headers, ['Authorization', value]] };
}

/** What really goes out: the caller's headers, and before them what every request needs. */
function sentHeaders(hop: NextHop, { userAgent }: HttpAsked): HeaderPair[] {
  const given = new Set(hop.headers.map(([name]) => name.toLowerCase()));
  const own: HeaderPair[] = [
    ['Host', hop.url.host],
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
    ...(hop.body === null ? [] : [['Content-Length', String(hop.body.length)] as const]),
    ['Connection', 'close'],
  ];
  return [...own.filter(([name]) => !given.has(name.toLowerCase())), ...hop.headers];
}

async function keepSent(ledger: Ledger, bytes: Uint8Array, headers: readonly HeaderPair[]) {
  const given = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const type = given ?? (await mediaType(bytes.subarray(0, HEAD), '', bytes.length <= HEAD)).type;
  const keeper = new ContentsKeeper(ledger, { name: 'sent', type: type.slice(0, 200) });
  await keeper.write(bytes);
  return keeper.finish();
}

const HEAD = 64 * 1024;

function bodyOf(
  rules: MaskRules,
  asked: HttpAsked,
  { hop, last, redirects, failure }: Walked,
  kept: KeptAnswer | null,
): Omit<Body<'http'>, 'request' | 'timing' | 'started' | 'ended' | 'maskRules'> {
  const status = kept?.answer.status ?? null;
  return {
    method: asked.method,
    url: shownUrl(rules, asked.url),
    finalUrl: shownUrl(rules, last.url),
    redirects,
    answer: kept?.answer ?? null,
    failure: failure ?? kept?.failure ?? null,
    address: hop.address,
    tls: hop.tls,
    ...(asked.insecure ? { insecure: true as const } : {}),
    ...(asked.expected === null
      ? {}
      : { expected: { status: asked.expected.text, met: asked.expected.meets(status) } }),
  };
}
