import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { begin } from './processes.ts';
import { log, NODE, PROOF, verified, type Workspace, workspace } from './workspace.ts';

let at: Workspace;

beforeAll(() => {
  at = workspace();
});
afterAll(() => at?.remove());

/**
 * `proof redact` is killed at a random moment. Afterwards, once anything has been appended, either
 * nothing was taken out, or an entry says so and not a byte of it is left in any file.
 */
it('a redaction that is killed is whole or did not happen', async () => {
  let happened = 0;
  // How long a whole one takes here and now: most of the kills are to come while it works.
  at.proof(['note', 'the first']);
  const began = performance.now();
  expect(at.proof(['redact', 'E1', '--because', 'x', '--yes']).code).toBe(0);
  const whole = performance.now() - began;
  for (let round = 0; round < ROUNDS; round++) {
    const planted = `planted-${round}-in-pieces`;
    // Said by a note and by a command's output; what the shell is given is not the word itself.
    const words = `printf planted-${round}; echo -in-pieces`;
    expect(at.proof(['note', planted, '--json']).code).toBe(0);
    expect(at.proof(['run', '--', 'sh', '-c', words]).code).toBe(0);
    const [note, command] = log(at).slice(-2);
    const running = begin(
      [NODE, PROOF, 'redact', note!.name, command!.name, '--because', 'x', '--yes'],
      { cwd: at.dir, env: at.env },
    );
    await new Promise((resolve) => setTimeout(resolve, whole * (0.5 + Math.random() * 0.55)));
    running.child.kill('SIGKILL');
    await running.finished;
    verified(at);
    expect(at.proof(['note', 'after it', '--json']).code).toBe(0);
    verified(at);
    const says = log(at).filter(({ kind, seq }) => kind === 'redacted' && seq > command!.seq);
    expect(says.length).toBeLessThanOrEqual(1);
    if (says.length === 1) {
      happened++;
      expect({ round, left: filesWith(planted) }).toEqual({ round, left: [] });
    } else expect(filesWith(planted)).not.toEqual([]);
    expect(namesIn(join(at.ledgerDir, 'removing'))).toEqual([]);
  }
  console.info(
    `${ROUNDS} × kill -9 during redact: ${happened} were whole, the rest did not happen`,
  );
}, 180_000);

const ROUNDS = 16;

function filesWith(text: string): string[] {
  return (readdirSync(at.ledgerDir, { recursive: true }) as string[])
    .filter((name) => statSync(join(at.ledgerDir, name)).isFile())
    .filter((name) => readFileSync(join(at.ledgerDir, name)).includes(text));
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
