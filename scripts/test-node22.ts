/**
 * `npm run test:node22`: the tests beside the sources, the first proof and recording over pipes, on
 * the oldest Node that Prooflayer supports. That Node is installed on first use under
 * runtime/node22 and called by its path; child processes that say `node` get it too.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'runtime', 'node22');
const wanted: Record<string, string> = read(join(folder, 'package.json')).optionalDependencies;
const carrier = `node-linux-${process.arch}`;
const home = join(folder, 'node_modules', carrier);

if (!wanted[carrier] || process.platform !== 'linux') {
  console.error(`test:node22: no Node 22 is carried for ${process.platform} ${process.arch}`);
  process.exit(1);
}
const manifest = join(home, 'package.json');
if (!existsSync(manifest) || read(manifest).version !== wanted[carrier]) {
  execFileSync('npm', ['ci', '--prefix', folder], { cwd: folder, stdio: 'inherit' });
}

const bin = join(home, 'bin');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  join(bin, 'node'),
  [
    vitest,
    'run',
    'src/',
    'test/acceptance/first-proof',
    'test/process/pipes',
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;

function read(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
