import type { Body } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { cut } from '../../core/visible-text.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { MaskRules } from '../../ledger/mask/mask-rules.ts';
import { ownValuesGiven } from '../../ledger/mask/own-values.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { secretsInAddress, shownUrl } from './address.ts';
import type { BrowserMachine, Picture, PictureRequest, Size } from './browser-machine.ts';
import { ContentsKeeper, type Kept } from './contents-keeper.ts';
import { type EvidencePlace, noteOn, placed } from './evidence-place.ts';
import { type MaskedFindings, maskedFindings } from './masked-findings.ts';
import { consoleLines, problemsIn, requestLines } from './page-findings.ts';
import { pngSize } from './png-size.ts';

export type ShotRequest = EvidencePlace & PictureRequest & { bound: number };

export interface Shot {
  seq: Seq;
  body: Body<'screenshot'>;
}

/**
 * Takes a picture of a page and keeps it with what the page said.
 *
 * @throws ProofError `shot.…` where there is nothing to show
 */
export async function takeScreenshot(
  machine: BrowserMachine,
  ledger: Ledger,
  request: ShotRequest,
): Promise<Shot> {
  ledger.rules.also(ownValuesGiven(secretsInAddress(request.url)));
  const started = new Date();
  const startedAt = process.hrtime.bigint();
  const picture = await machine.takePicture(request);
  const durationMicros = Number((process.hrtime.bigint() - startedAt) / 1000n);
  const final = parsed(picture.finalUrl);
  if (final !== null) ledger.rules.also(ownValuesGiven(secretsInAddress(final)));
  const seen = maskedFindings(ledger.rules, picture.seen);
  const parts = await keepParts(ledger, picture, seen, request.bound);
  const body: Body<'screenshot'> = {
    ...bodyOf(ledger.rules, request, { ...picture, seen }, parts),
    started: started.toISOString(),
    ended: new Date().toISOString(),
    durationMicros,
    maskRules: ledger.rules.version,
  };
  const blobs = [parts.picture, parts.text, parts.console, parts.requests].flatMap(
    (kept): StoredBlob[] => (kept?.blob == null ? [] : [kept.blob]),
  );
  const [seq] = await ledger.append(
    ({ size, ledger: reader }) => [
      {
        kind: 'screenshot',
        body,
        ...placed(reader, request),
        blobs: blobs.map(({ ref }) => ref),
      },
      ...noteOn(reader, request, size),
    ],
    blobs,
  );
  return { seq: seq as Seq, body };
}

interface Parts {
  picture: Kept;
  text: Kept | null;
  console: Kept;
  requests: Kept;
}

async function keepParts(
  ledger: Ledger,
  picture: Picture,
  seen: MaskedFindings,
  bound: number,
): Promise<Parts> {
  const keep = async (
    name: string,
    type: string,
    bytes: Uint8Array,
    before?: ReadonlyMap<string, number>,
  ): Promise<Kept> => {
    const keeper = new ContentsKeeper(ledger, { name, type, bound });
    await keeper.write(bytes);
    return keeper.finish(before);
  };
  const lines = 'application/x-ndjson';
  return {
    picture: await keep('picture', 'image/png', picture.png),
    text:
      picture.text === null ? null : await keep('text', 'text/plain', Buffer.from(picture.text)),
    console: await keep('console', lines, Buffer.from(consoleLines(seen)), seen.struck.console),
    requests: await keep('requests', lines, Buffer.from(requestLines(seen)), seen.struck.requests),
  };
}

function bodyOf(
  rules: MaskRules,
  request: ShotRequest,
  picture: Picture,
  parts: Parts,
): Omit<Body<'screenshot'>, 'started' | 'ended' | 'durationMicros' | 'maskRules'> {
  const { seen, browser } = picture;
  const short = (text: string, most: number) =>
    cut(maskText(rules, text).text.toWellFormed(), most);
  const { wait } = request;
  return {
    url: shownUrl(rules, request.url),
    finalUrl: shownUrl(rules, { href: picture.finalUrl }),
    status: picture.status,
    title: short(picture.title, MOST_TITLE),
    picture: { ...sizeOf(picture.png, request.viewport), content: parts.picture.content },
    area: request.full ? 'page' : 'viewport',
    page: picture.page,
    ...(picture.cut ? { cut: true as const } : {}),
    viewport: request.viewport,
    ...(request.dark ? { dark: true as const } : {}),
    wait: {
      for: wait.for,
      ...(wait.for === 'selector' ? { selector: short(wait.selector, MOST_TITLE) } : {}),
      ...(wait.for === 'time' ? { millis: wait.millis } : {}),
      reached: picture.reached,
    },
    text: parts.text?.content ?? null,
    console: { ...seen.counts, content: parts.console.content },
    requests: { all: seen.requests, failed: seen.failedCount, content: parts.requests.content },
    problems: problemsIn(seen).map(({ what, text }) => ({ what, text: short(text, MOST_PROBLEM) })),
    dialogs: seen.dialogs.map(({ type, text }) => ({ type, text: short(text, MOST_PROBLEM) })),
    popups: seen.popups,
    browser: { ...browser, userAgent: short(browser.userAgent, MOST_TITLE) },
    ...(request.insecure ? { insecure: true as const } : {}),
    loadMicros: picture.loadMicros,
  };
}

function sizeOf(png: Uint8Array, fallback: Size): Size {
  return pngSize(png) ?? fallback;
}

function parsed(href: string): URL | null {
  try {
    return new URL(href);
  } catch {
    return null;
  }
}

const MOST_TITLE = 300;
const MOST_PROBLEM = 500;
