import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { entryName } from '../../core/names.ts';
import { pageAddress } from '../../features/evidence/page-address.ts';
import { type Shot, takeScreenshot } from '../../features/evidence/screenshot.ts';
import { readViewport, readWait } from '../../features/evidence/shot-options.ts';
import { RECORDED_BYTES, TALLEST_PICTURE } from '../config.ts';
import { defineOp } from '../define-op.ts';
import { parseDuration } from '../duration.ts';
import { taskOf } from '../entry-json.ts';
import { contentsJson, contentsOf, placeFields, placeOf } from '../evidence-fields.ts';
import { shotText } from '../shot-text.ts';

export default defineOp({
  name: 'shot',
  summary: 'keep a picture of a web page, with its console errors and failed requests',
  details:
    'Takes Chromium, Chrome, Brave or Edge as it is installed (PROOF_BROWSER names another), without a window and with a fresh profile; nothing is downloaded. Console messages, failed requests and the page’s text are kept beside the picture. Pixels cannot be masked: where a secret stands in the page’s text, the entry and the answer say so. A page that never finishes loading is shown as it stands when --timeout is over.',
  effect: 'execute',
  input: z.object({
    url: z.string().check(z.minLength(1)).check(z.describe('the address, or a local file')),
    full: z
      ._default(z.boolean(), false)
      .check(z.describe('all of the page, up to 10000 pixels, not only what a window shows')),
    wait: z
      ._default(z.string(), 'load')
      .check(z.describe('before the picture: load, networkidle, a time as 500ms, or a selector')),
    viewport: z
      ._default(z.string(), '1280x800')
      .check(z.describe('size of the window in CSS pixels')),
    dark: z._default(z.boolean(), false).check(z.describe('ask the page for its dark colours')),
    timeout: z
      ._default(z.string(), '30s')
      .check(z.describe('for the page to answer and to be ready')),
    insecure: z
      ._default(z.boolean(), false)
      .check(z.describe('accept a certificate that does not hold; the entry says so')),
    ...placeFields,
  }),
  output: () =>
    z.object({
      entry: z.string(),
      task: z.nullable(z.string()).check(z.describe('null if it stands outside tasks')),
      url: z.string(),
      finalUrl: z.string(),
      status: z.nullable(z.int()).check(z.describe('null for a file')),
      title: z.string(),
      width: z.int(),
      height: z.int(),
      bytes: z.int(),
      cut: z.boolean().check(z.describe('the page is larger than a picture may be')),
      loaded: z.boolean().check(z.describe('false where what was waited for did not come')),
      errors: z.int().check(z.describe('console errors and uncaught exceptions')),
      warnings: z.int(),
      failedRequests: z.int(),
      problems: z.array(
        z.object({ what: z.enum(['error', 'exception', 'request']), text: z.string() }),
      ),
      text: z.nullable(contentsJson()),
      secretsInText: z.int().check(z.describe('struck out of the text; the picture shows them')),
      durationMicros: z.int(),
      browser: z.object({ name: z.string(), version: z.string(), sandbox: z.boolean() }),
    }),
  examples: [
    { type: 'proof shot http://localhost:3000', does: 'what a window of 1280x800 shows' },
    {
      type: "proof shot localhost:3000/login --wait '#form' --full",
      does: 'all of it, once there',
    },
    { type: 'proof shot coverage/index.html --on E41', does: 'a local file, about E41' },
    { type: 'proof show E42 --output picture > page.png', does: 'the picture' },
  ],
  cli: {
    positionals: ['url'],
    short: { task: 't' },
    print: (output, paint) => shotText(output, paint),
  },
  async run(context, input) {
    const url = pageAddress(input.url, (path) => resolve(context.cwd, path));
    const viewport = readViewport(input.viewport, TALLEST_PICTURE);
    const wait = readWait(input.wait);
    const timeoutMs = parseDuration(input.timeout);
    const ledger = await context.ledger();
    const place = placeOf(context, ledger, input);
    const { takePicture } = await context.evidence();
    const shot = await takeScreenshot({ takePicture }, ledger, {
      ...place,
      url,
      viewport,
      dark: input.dark,
      full: input.full,
      wait,
      timeoutMs,
      insecure: input.insecure,
      tallest: TALLEST_PICTURE,
      bound: RECORDED_BYTES,
      env: context.env,
      signal: context.stopped(),
      progress: (what) => context.progress(what),
    });
    const json = toJson(shot);
    if (json.secretsInText > 0) context.warn(secretShown(json));
    return { task: taskOf(ledger, shot.seq), ...json };
  },
});

function toJson({ seq, body }: Shot) {
  const { picture, text, browser } = body;
  return {
    entry: entryName(seq),
    url: body.url,
    finalUrl: body.finalUrl,
    status: body.status,
    title: body.title,
    width: picture.width,
    height: picture.height,
    bytes: picture.content.bytes,
    cut: body.cut === true,
    loaded: body.wait.reached,
    errors: body.console.errors,
    warnings: body.console.warnings,
    failedRequests: body.requests.failed,
    problems: body.problems,
    text: text === null ? null : contentsOf(text),
    secretsInText: (text?.masked ?? []).reduce((sum, { count }) => sum + count, 0),
    durationMicros: body.durationMicros,
    browser: { name: browser.name, version: browser.version, sandbox: browser.sandbox },
  };
}

function secretShown({
  entry,
  secretsInText,
}: {
  entry: string;
  secretsInText: number;
}): ProofError {
  return new ProofError({
    code: 'shot.secret-shown',
    message: `The picture in ${entry} shows ${secretsInText === 1 ? 'a secret' : `${secretsInText} secrets`}`,
    why: 'it was struck out of the page’s text, but pixels cannot be masked',
    remedy: 'hide it on the page and take the picture again, and do not hand this one on',
    exit: EXIT.failed,
  });
}
