import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openForReading } from '../../src/ledger/store/reader.ts';
import { type PlantedSecret, plantedLog } from '../secrets/planted.ts';
import { falseHits } from './secret-scan.ts';
import { log, NODE, type Workspace } from './workspace.ts';

const WRITER = join(import.meta.dirname, 'write-in-chunks.ts');

export interface Planted {
  log: Buffer;
  secrets: PlantedSecret[];
  /** Secret variables of the run; where it works and what it calls stays the test's own. */
  env: Record<string, string>;
  file: string;
}

export function plant(at: Workspace, bytes: number, seed: number): Planted {
  const { log: text, secrets, ownEnvironment } = plantedLog({ bytes, seed });
  const { HOME: _, PATH: __, ...env } = ownEnvironment;
  const file = join(at.root, `log-${bytes}-${seed}`);
  writeFileSync(file, text);
  return { log: text, secrets, env, file };
}

/** Runs a command that writes the log in such pieces; returns what was struck out wrongly. */
export function recordLog(at: Workspace, planted: Planted, chunk: number, fd: 1 | 2 = 1) {
  const words = ['run', '--', NODE, WRITER, planted.file, String(chunk), String(fd)];
  const ran = at.proof(words, { env: planted.env });
  const written = fd === 1 ? ran.bytes : Buffer.from(ran.stderr);
  expect(ran.code).toBe(0);
  expect(written.equals(planted.log)).toBe(true);

  const entry = log(at).at(-1);
  const name = fd === 1 ? 'stdout' : 'stderr';
  const stream = entry?.body.streams.find((one: { name: string }) => one.name === name);
  expect(stream).toMatchObject({ bytes: planted.log.length, gaps: [] });
  const reader = openForReading(at.ledgerDir);
  const ref = entry?.blobs.find((blob) => blob.name === name);
  const kept = Buffer.concat([...reader.blobs.read(ref?.id ?? '')]);
  reader.close();
  return falseHits(planted.log, kept, planted.secrets);
}

/** The lines around each secret, as a person would pass them on in a word or a note. */
export function textsAround({ log: text, secrets }: Planted): string[] {
  return secrets.map(({ value, at }) => {
    const from = text.lastIndexOf('\n', at - 1) + 1;
    const end = text.indexOf('\n', at + Buffer.byteLength(value));
    return text.toString('utf8', from, end);
  });
}

/** Listed, so that a rule which strikes out what is no secret is seen. */
export function reportFalseHits(what: string, hits: readonly { kind: string; text: string }[]) {
  const lines = hits
    .slice(0, 20)
    .map(({ kind, text }) => `  ${kind}: ${JSON.stringify(text.slice(0, 80))}`);
  console.info([`${what}: ${hits.length} false hits`, ...lines].join('\n'));
}
