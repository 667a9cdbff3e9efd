import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** Real data of others, kept beside the repository; tests that need it skip by name without it. */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'shared', 'data');

export function sharedPath(path: string): string {
  return join(ROOT, path);
}

export function sharedText(path: string): string {
  return readFileSync(sharedPath(path), 'utf8');
}

export function sharedJson<T>(path: string): T {
  return JSON.parse(sharedText(path)) as T;
}

export function describeWithData(folder: string, name: string, body: () => void): void {
  const there = existsSync(sharedPath(folder));
  (there ? describe : describe.skip)(there ? name : `${name} (needs shared/data/${folder})`, body);
}
