import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { LogInput } from '../features/traffic/reader/log-source.ts';

/**
 * Standard input in a file of its own, for what must be read twice; `remove` takes it away. Logs are
 * personal data: the directory is the user's alone.
 */
export async function spooled(
  input: AsyncIterable<Uint8Array>,
): Promise<{ input: LogInput; remove: () => void }> {
  const dir = mkdtempSync(join(tmpdir(), 'proof-traffic-'));
  const path = join(dir, 'input');
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    await pipeline(input, createWriteStream(path, { mode: 0o600 }));
  } catch (cause) {
    remove();
    throw cause;
  }
  return {
    input: { name: '-', bytes: () => createReadStream(path, { highWaterMark: 1 << 20 }) },
    remove,
  };
}
