import type { CDPSession, Page } from 'playwright-core';
import { EXIT, ProofError } from '../../core/errors.ts';
import { browserError } from './browser-error.ts';
import { findBrowser } from './find-browser.ts';
import { launch } from './launch.ts';
import { crashed, openPage } from './open-page.ts';
import { pageText, within } from './page-text.ts';
import { type Witnessed, witness } from './page-witness.ts';

export interface PictureRequest {
  url: URL;
  viewport: { width: number; height: number };
  dark: boolean;
  full: boolean;
  wait:
    | { for: 'load' | 'networkidle' }
    | { for: 'selector'; selector: string }
    | { for: 'time'; millis: number };
  timeoutMs: number;
  insecure: boolean;
  tallest: number;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted when somebody wants no picture any more. */
  signal: AbortSignal;
  progress(what: string): void;
}

export interface Picture {
  png: Uint8Array;
  finalUrl: string;
  status: number | null;
  title: string;
  page: { width: number; height: number } | null;
  cut: boolean;
  reached: boolean;
  loadMicros: number | null;
  text: string | null;
  seen: Witnessed;
  browser: { name: string; version: string; path: string; userAgent: string; sandbox: boolean };
}

/**
 * Shows a page in a browser nobody sees and takes its picture, with what it said meanwhile.
 *
 * A page that never finishes is shown as it stands when time is over: `reached` is false then.
 *
 * @throws ProofError `shot.…`
 */
export async function takePicture(request: PictureRequest): Promise<Picture> {
  const path = findBrowser(request.env);
  request.progress('starting the browser');
  const { browser, name, sandbox, end } = await launch(path, LAUNCH_MS);
  try {
    const context = await browser.newContext({
      viewport: request.viewport,
      colorScheme: request.dark ? 'dark' : 'light',
      ignoreHTTPSErrors: request.insecure,
      acceptDownloads: false,
      ...credentials(request.url),
    });
    const page = await context.newPage();
    const dead = new Promise<never>((_, reject) => {
      page.on('crash', () => reject(crashed()));
      browser.on('disconnected', () => reject(crashed()));
      const stop = () => reject(interrupted());
      if (request.signal.aborted) stop();
      request.signal.addEventListener('abort', stop);
    });
    dead.catch(() => {});
    // Asked of an empty page: no page's own code can have changed the answer.
    const userAgent = await page.evaluate('navigator.userAgent').then(String);
    const shown = await Promise.race([show(page, request), dead]);
    return {
      ...shown,
      browser: { name, version: browser.version(), path, userAgent, sandbox },
    };
  } catch (error) {
    if (error instanceof ProofError) throw error;
    const { message } = error as Error;
    if (!browser.isConnected() || /has been closed|crashed/i.test(message)) throw crashed(error);
    throw browserError(
      'shot.no-picture',
      'The browser gives no picture of that page',
      message.split('\n')[0] ?? message,
      'try another browser: PROOF_BROWSER=/usr/bin/chromium proof shot URL',
      error,
    );
  } finally {
    await end();
  }

  async function show(
    page: Page,
    { url, wait, timeoutMs, full, tallest, progress }: PictureRequest,
  ) {
    const seen = witness(page.context(), page);
    const began = process.hrtime.bigint();
    let loadMicros: number | null = null;
    page.once('load', () => {
      loadMicros = Number((process.hrtime.bigint() - began) / 1000n);
    });
    const until = Date.now() + timeoutMs;
    progress(`opening ${url.host || 'the file'}`);
    const response = await openPage(page, url, timeoutMs);
    progress('waiting for the page');
    const reached = await waitFor(page, wait, () => Math.max(1, until - Date.now()));
    if (!reached) seen.failPending();
    progress('taking the picture');
    const session = await page.context().newCDPSession(page);
    const size = await within(pageSize(session), ANSWER_MS);
    const { png, cut } = await picture(page, session, { full, tallest, size });
    const text = await pageText(page, ANSWER_MS);
    return {
      png,
      cut,
      page: size,
      reached,
      loadMicros,
      text,
      title: (await within(page.title(), ANSWER_MS)) ?? '',
      finalUrl: page.url(),
      status: url.protocol === 'file:' ? null : (response?.status() ?? null),
      seen,
    };
  }
}

function interrupted(): ProofError {
  return new ProofError({
    code: 'shot.interrupted',
    message: 'Interrupted before there was a picture',
    why: 'nothing was kept',
    remedy: 'proof shot URL --timeout 10s takes what there is by then',
    exit: EXIT.interrupted,
  });
}

function credentials({ username, password, origin }: URL) {
  if (username === '' && password === '') return {};
  const plain = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return { httpCredentials: { username: plain(username), password: plain(password), origin } };
}

/** False where it took too long: then the page is shown as it stands. */
async function waitFor(
  page: Page,
  wait: PictureRequest['wait'],
  left: () => number,
): Promise<boolean> {
  try {
    if (wait.for === 'selector') {
      await page.waitForSelector(wait.selector, { state: 'visible', timeout: left() });
      return true;
    }
    const state = wait.for === 'networkidle' ? 'networkidle' : 'load';
    await page.waitForLoadState(state, { timeout: left() });
    if (wait.for !== 'time') return true;
    const millis = Math.min(wait.millis, left());
    await new Promise((resolve) => setTimeout(resolve, millis));
    return millis === wait.millis;
  } catch (cause) {
    if ((cause as Error).name === 'TimeoutError') return false;
    if (wait.for !== 'selector' || page.isClosed()) throw cause;
    throw new ProofError({
      code: 'shot.bad-selector',
      message: `"${wait.selector.slice(0, 80)}" is no selector`,
      why: ((cause as Error).message.split('\n')[0] ?? '').replace(/^page\.waitForSelector: /, ''),
      remedy: "proof shot URL --wait '#app .ready'; or load, networkidle, 500ms",
      exit: EXIT.usage,
      cause,
    });
  }
}

/** Asked of the browser, not of the page, which could say anything. */
async function pageSize(session: CDPSession): Promise<{ width: number; height: number }> {
  const { cssContentSize } = await session.send('Page.getLayoutMetrics');
  return { width: Math.ceil(cssContentSize.width), height: Math.ceil(cssContentSize.height) };
}

async function picture(
  page: Page,
  session: CDPSession,
  { full, tallest, size }: { full: boolean; tallest: number; size: Picture['page'] },
): Promise<{ png: Uint8Array; cut: boolean }> {
  const cut = full && size !== null && (size.width > tallest || size.height > tallest);
  const clip = cut
    ? {
        x: 0,
        y: 0,
        width: Math.min(size.width, tallest),
        height: Math.min(size.height, tallest),
      }
    : undefined;
  const png = await within(
    page.screenshot({
      fullPage: full,
      timeout: PICTURE_MS,
      ...(clip === undefined ? {} : { clip }),
    }),
    PICTURE_MS,
  );
  if (png !== null) return { png, cut };
  // Playwright waits for fonts that may never come; the browser itself takes what is there.
  const asItIs = await within(
    session.send('Page.captureScreenshot', { format: 'png' }),
    PICTURE_MS,
  );
  if (asItIs !== null) return { png: Buffer.from(asItIs.data, 'base64'), cut: full };
  throw browserError(
    'shot.no-picture',
    'The page is there, but gives no picture',
    'its scripts keep the browser busy without a pause',
    'look at what runs there; proof http keeps what the server sends',
  );
}

const LAUNCH_MS = 30_000;
const ANSWER_MS = 5_000;
const PICTURE_MS = 8_000;
