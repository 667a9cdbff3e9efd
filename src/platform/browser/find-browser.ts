import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { browserError } from './browser-error.ts';

/**
 * The browser to take pictures with: the one PROOF_BROWSER names (a path, or a program on the
 * PATH), else the first Chromium of any make that is installed. Nothing is ever downloaded.
 *
 * @throws ProofError `shot.no-browser`, `shot.browser-not-found`
 */
export function findBrowser(env: Readonly<Record<string, string | undefined>>): string {
  const wanted = env.PROOF_BROWSER ?? '';
  if (wanted !== '') {
    const found =
      isAbsolute(wanted) || wanted.includes('/') ? executable(wanted) : onPath(wanted, env);
    if (found !== null) return found;
    throw browserError(
      'shot.browser-not-found',
      `There is no browser ${wanted}`,
      'PROOF_BROWSER names it, but it is no program that can be run',
      'PROOF_BROWSER=/usr/bin/chromium proof shot URL; or leave the variable out',
    );
  }
  for (const name of NAMES) {
    const found = onPath(name, env);
    if (found !== null) return found;
  }
  for (const place of PLACES) {
    const found = executable(place);
    if (found !== null) return found;
  }
  throw browserError(
    'shot.no-browser',
    'There is no browser here to take a picture with',
    'neither Chromium nor Chrome, Brave or Edge is installed, and none is ever downloaded',
    'sudo apt-get install chromium; or PROOF_BROWSER=/path/to/chromium',
  );
}

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'brave-browser',
  'brave',
  'microsoft-edge',
  'microsoft-edge-stable',
  'chrome',
];

/** Where they lie when they are not on the PATH. */
const PLACES = [
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/opt/brave.com/brave/brave',
  '/opt/microsoft/msedge/msedge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

function onPath(name: string, env: Readonly<Record<string, string | undefined>>): string | null {
  for (const dir of (env.PATH ?? '').split(delimiter)) {
    // A relative entry would find another program in every directory.
    const found = isAbsolute(dir) ? executable(join(dir, name)) : null;
    if (found !== null) return found;
  }
  return null;
}

function executable(path: string): string | null {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? path : null;
  } catch {
    return null;
  }
}
