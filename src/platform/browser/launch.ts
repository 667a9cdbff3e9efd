import { basename } from 'node:path';
import type { Browser } from 'playwright-core';
import { browserError } from './browser-error.ts';

export interface Launched {
  browser: Browser;
  name: string;
  sandbox: boolean;
}

/**
 * Starts the browser without a window and with a fresh profile, which is gone when it ends. As root
 * Chromium has no sandbox and must be told so; for everybody else it keeps it.
 *
 * @throws ProofError `shot.no-sandbox`, `shot.browser-failed`
 */
export async function launch(path: string, timeoutMs: number): Promise<Launched> {
  const { chromium } = await import('playwright-core');
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
    return { browser, name: nameOf(path), sandbox };
  } catch (cause) {
    throw notStarted(path, cause as Error);
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
