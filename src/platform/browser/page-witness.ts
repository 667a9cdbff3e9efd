import type { BrowserContext, ConsoleMessage, Page, Request } from 'playwright-core';

/** What a page says and asks for from the moment it is watched; bounded, but counted whole. */
export interface Witnessed {
  console: WitnessedLine[];
  counts: { errors: number; warnings: number; others: number };
  requests: number;
  failed: WitnessedRequest[];
  failedCount: number;
  dialogs: { type: string; text: string }[];
  popups: number;
  /** Counts requests as failed that have no answer yet: that is what the page still waits for. */
  failPending(): void;
}

export interface WitnessedLine {
  level: 'exception' | 'error' | 'warning' | 'info' | 'log' | 'debug';
  text: string;
  url?: string;
  line?: number;
  atMicros: number;
}

export interface WitnessedRequest {
  method: string;
  url: string;
  status: number | null;
  why?: string;
  atMicros: number;
}

/**
 * Watches a page. Boxes it opens are dismissed and windows closed, or it would wait for ever for
 * somebody who is not there.
 */
export function witness(context: BrowserContext, page: Page): Witnessed {
  const started = process.hrtime.bigint();
  const now = () => Number((process.hrtime.bigint() - started) / 1000n);
  const seen: Witnessed = {
    console: [],
    counts: { errors: 0, warnings: 0, others: 0 },
    requests: 0,
    failed: [],
    failedCount: 0,
    dialogs: [],
    popups: 0,
    failPending() {
      for (const request of pending) {
        const url = bounded(request.url());
        const why = 'no answer yet';
        fail({ method: request.method(), url, status: null, why, atMicros: now() });
      }
    },
  };
  const pending = new Set<Request>();
  const kept = { errors: 0, others: 0 };
  const say = (line: WitnessedLine) => {
    const bad = line.level === 'error' || line.level === 'exception';
    if (bad) seen.counts.errors++;
    else if (line.level === 'warning') seen.counts.warnings++;
    else seen.counts.others++;
    // Each has room of its own: chatter must not push an error out.
    const room = bad ? 'errors' : 'others';
    if (kept[room] >= MOST_LINES) return;
    kept[room]++;
    seen.console.push(line);
  };
  const fail = (request: WitnessedRequest) => {
    seen.failedCount++;
    if (seen.failed.length < MOST_LINES) seen.failed.push(request);
  };
  page.on('console', (message) => {
    const { url, lineNumber } = message.location();
    say({
      level: levelOf(message),
      text: bounded(message.text()),
      ...(url === '' ? {} : { url: bounded(url), line: lineNumber + 1 }),
      atMicros: now(),
    });
  });
  page.on('pageerror', (error) => {
    const text = error.stack?.startsWith(error.name)
      ? error.stack
      : `${error.name}: ${error.message}`;
    say({ level: 'exception', text: bounded(text), atMicros: now() });
  });
  page.on('request', (request) => {
    seen.requests++;
    if (pending.size < MOST_LINES) pending.add(request);
  });
  page.on('requestfinished', (request) => pending.delete(request));
  page.on('requestfailed', (request) => {
    pending.delete(request);
    const why = request.failure()?.errorText ?? 'failed';
    const url = bounded(request.url());
    fail({ method: request.method(), url, status: null, why, atMicros: now() });
  });
  page.on('response', (response) => {
    if (response.status() < 400) return;
    const url = bounded(response.url());
    fail({ method: response.request().method(), url, status: response.status(), atMicros: now() });
  });
  page.on('dialog', (dialog) => {
    if (seen.dialogs.length < MOST_DIALOGS)
      seen.dialogs.push({ type: dialog.type(), text: bounded(dialog.message()) });
    dialog.dismiss().catch(() => {});
  });
  context.on('page', (other) => {
    if (other === page) return;
    seen.popups++;
    other.close().catch(() => {});
  });
  return seen;
}

function levelOf(message: ConsoleMessage): WitnessedLine['level'] {
  const type = message.type();
  if (type === 'error' || type === 'assert') return 'error';
  if (type === 'warning' || type === 'info' || type === 'debug') return type;
  return 'log';
}

/** A page may say megabytes at once. What is cut off at a blank cannot be half of a secret. */
function bounded(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  const head = text.slice(0, MOST_TEXT);
  const blank = head.search(/\s\S*$/);
  return `${blank < 0 ? '' : head.slice(0, blank)} …`;
}

const MOST_TEXT = 16 * 1024;
const MOST_LINES = 1_000;
const MOST_DIALOGS = 10;
