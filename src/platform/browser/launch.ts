import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { browserError } from './browser-error.ts';
import { within } from './page-text.ts';

export interface Launched {
  browser: Browser;
  name: string;
  sandbox: boolean;
  /** Ends it, and removes all it left on the disk, however it ended. */
  end(): Promise<void>;
}

/**
 * Starts the browser without a window and with a fresh profile, which is gone when it ends. As root
 * Chromium has no sandbox and must be told so; for everybody else it keeps it.
 *
 * @throws ProofError `shot.no-sandbox`, `shot.browser-failed`
 */
export async function launch(path: string, timeoutMs: number): Promise<Launched> {
  const { chromium } = await import('playwright-core');
  const directory = temporaryDirectory(path);
  const leaveTemporary = inTemporary(directory);
  const sandbox = process.getuid?.() !== 0;
  try {
    const browser = await chromium.launch({
      executablePath: path,
      headless: true,
      chromiumSandbox: sandbox,
      timeout: timeoutMs,
      // Whoever called decides what an interrupt means; the browser ends with its pipe.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const end = async () => {
      await within(browser.close(), CLOSE_MS);
      remove(directory);
    };
    return { browser, name: nameOf(path), sandbox, end };
  } catch (cause) {
    remove(directory);
    throw notStarted(path, cause as Error);
  } finally {
    leaveTemporary();
  }
}

const CLOSE_MS = 5_000;

/**
 * Profile and temporary files of the browser go where TMPDIR says; of a browser that was killed
 * Playwright leaves them there, with what the page kept. So they get a directory of their own.
 */
function inTemporary(directory: string): () => void {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  };
}

function temporaryDirectory(path: string): string {
  try {
    return mkdtempSync(join(tmpdir(), 'proof-shot-'));
  } catch (cause) {
    throw notStarted(path, cause as Error);
  }
}

function remove(directory: string): void {
  try {
    // Its processes may still be at their last writes.
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch {
    // What stays there is the temporary directory's to clean up; the picture counts more.
  }
}

function notStarted(path: string, cause: Error) {
  if (/no usable sandbox|failed to move to new namespace|setuid sandbox/i.test(cause.message)) {
    return browserError(
      'shot.no-sandbox',
      'The browser cannot build its sandbox here',
      'this system does not let it make user namespaces, and without a sandbox it is not started',
      'install the distribution’s own chromium, which brings one: sudo apt-get install chromium',
      cause,
    );
  }
  return browserError(
    'shot.browser-failed',
    `${path} does not start as a browser`,
    reasonIn(cause.message),
    'PROOF_BROWSER=/usr/bin/chromium proof shot URL; Chromium, Chrome, Brave and Edge are known to work',
    cause,
  );
}

/** Of Playwright's long report the browser's own last words, else its first line. */
function reasonIn(report: string): string {
  const plain = report.replace(/\u001b\[[0-9;]*m/g, '');
  const own = [...plain.matchAll(/\[err\] (.*)/g)].map(([, line]) => line ?? '');
  const telling = own.find((line) => /error|cannot|failed|no such/i.test(line)) ?? own.at(-1);
  const first = (plain.split('\n')[0] ?? '').replace(/^browserType\.launch: /, '');
  const ended = /has been closed/.test(first) ? 'it ended at once, without a word' : first;
  return (telling ?? ended).slice(0, 300);
}

function nameOf(path: string): string {
  const file = basename(path).toLowerCase();
  if (file.includes('brave')) return 'Brave';
  if (file.includes('edge')) return 'Edge';
  return file.includes('chrome') ? 'Chrome' : 'Chromium';
}
