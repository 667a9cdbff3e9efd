/**
 * `npm run bench` runs every benchmark, `npm run bench -- NAME…` those named, each in a process of
 * its own, and ends with the figures of the design that were missed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const BENCHMARKS = [
  'run-overhead',
  'sandbox',
  'commands',
  'pty',
  'append',
  'verify',
  'mask',
  'blobs',
  'snapshot',
  'search',
  'traffic',
  'decide',
];
const LIMIT_MS = 90_000;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !BENCHMARKS.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${BENCHMARKS.join(', ')}`);
  process.exit(2);
}

const said: string[] = [];
let failed = false;
for (const name of named.length > 0 ? named : BENCHMARKS) {
  const output = await runBenchmark(name);
  for (const line of output.split('\n')) {
    if (/^ {2}(reached|MISSED)/.test(line)) said.push(`  ${name.padEnd(13)}${line}`);
  }
}
const missed = said.filter((line) => line.includes('MISSED'));
console.log(`\nbench: ${said.length - missed.length} figures reached, ${missed.length} missed`);
for (const line of missed) console.log(line);
process.exitCode = failed ? 1 : 0;

function runBenchmark(name: string): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  const limit = setTimeout(() => {
    console.error(`${name}: ended, it took longer than ${LIMIT_MS / 1000} s`);
    child.kill('SIGTERM');
  }, LIMIT_MS);
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
    process.stdout.write(part);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(limit);
      if (code !== 0) failed = true;
      resolve(output);
    });
  });
}
