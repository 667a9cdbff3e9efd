import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'vitest';
import { markMissing } from './skips.ts';
import { has } from './system-programs.ts';

/**
 * A Chromium for tests: the system's, else the one of the npm package @sparticuz/chromium, which
 * lies there packed and is unpacked once. Null where neither runs, for want of libnss3 mostly.
 */
export function testBrowser(): string | null {
  if (found === undefined) found = onSystem() ?? fromPackage();
  return found;
}

/** `describe` for tests that show pages; skipped by name where there is no browser. */
export function describeWithBrowser(name: string, body: (browser: string) => void): void {
  const browser = testBrowser();
  if (browser === null) describe.skip(markMissing(name, ['chromium']), () => body(''));
  else describe(name, () => body(browser));
}

/** The same for one test. */
export function testWithBrowser(name: string, body: (browser: string) => void | Promise<void>) {
  const browser = testBrowser();
  if (browser === null) test.skip(markMissing(name, ['chromium']), () => {});
  else test(name, () => body(browser));
}

let found: string | null | undefined;

function onSystem(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.find((name) => has(name)) ?? null;
}

const MODULES = join(import.meta.dirname, '..', 'node_modules');

function fromPackage(): string | null {
  const folder = join(MODULES, '@sparticuz', 'chromium');
  if (!existsSync(folder)) return null;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const browser = join(MODULES, '.cache', `proof-chromium-${version}`, 'chromium');
  if (!existsSync(browser)) unpack(dirname(browser));
  const { status } = spawnSync(browser, ['--no-sandbox', '--version'], { timeout: 20_000 });
  return status === 0 ? browser : null;
}

/**
 * It unpacks itself into the directory for temporary files and takes any half of it that lies there
 * for whole; so each gets a directory of its own, and the first that is done gives its name.
 */
function unpack(place: string): void {
  mkdirSync(dirname(place), { recursive: true });
  const own = mkdtempSync(`${place}-`);
  const program =
    "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
  try {
    const env = { ...process.env, TMPDIR: own };
    execFileSync(process.execPath, ['-e', program], { cwd: MODULES, env, timeout: 120_000 });
    renameSync(own, place);
  } catch {
    // Somebody else was first, or this machine cannot unpack it.
    rmSync(own, { recursive: true, force: true });
  }
}
