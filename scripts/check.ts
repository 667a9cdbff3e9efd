/**
 * `npm run check`: all that must hold before a commit. Lint and types at the same time, then the
 * tests, the architecture among them. What fails early is shown at once and the tests are not run.
 */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };

const failed = await Promise.all([
  quiet('lint and format', 'biome', 'check', '.'),
  quiet('types', 'tsc', '-p', 'tsconfig.json'),
  quiet('types of core, judge and views, without Node', 'tsc', '-p', 'tsconfig.pure.json'),
]).then((results) => results.filter((ok) => !ok).length);

if (failed > 0) {
  console.error(`\ncheck: ${failed} of 3 failed; the tests were not run`);
  process.exitCode = 1;
} else {
  process.exitCode = await new Promise<number>((resolve) => {
    const tests = spawn('vitest', ['run'], { cwd: root, env, stdio: 'inherit' });
    tests.on('close', (code) => resolve(code ?? 1));
  });
}

/** Runs a tool and shows what it said only if it failed. */
function quiet(name: string, program: string, ...args: string[]): Promise<boolean> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part));
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
      if (code !== 0) process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}
