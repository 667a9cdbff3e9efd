/**
 * Bundles the command into dist/: `proof.js` (the Node version guard), and one chunk for each part
 * that is loaded on use. Runs on Node's own type stripping, as `prepare` after `npm ci`.
 *
 * Chunks carry a hash of their content in their name and proof.js is put in place last, by rename:
 * a command started while another build runs finds either the whole old build or the whole new one.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { type OutputAsset, type OutputChunk, rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const entry = join(dist, 'proof.js');

/** What the code may ask about itself; vitest gets the same names. */
export function buildConstants(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    __PROOF_VERSION__: JSON.stringify(version),
    __PROOF_COMMIT__: JSON.stringify(commit()),
  };
}

/**
 * Builds dist/. With `keepOld`, chunks of earlier builds stay, because a command started by
 * somebody else's test run in this tree may still be about to load them.
 */
export async function build({ keepOld = false } = {}): Promise<string[]> {
  const started = new Date();
  const bundle = await rolldown({
    cwd: root,
    input: {
      proof: 'src/surfaces/cli/proof.ts',
      // Started as a thread of its own, by this name.
      'traffic-worker': 'src/features/traffic/reader/parse-worker.ts',
    },
    platform: 'node',
    external: ['@lydell/node-pty', 'playwright-core'],
    // What is neither bundled nor external would only fail at run time, at the user's.
    onLog(level, log, report) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      report(level, log);
    },
    transform: { define: buildConstants(), target: 'node22.18' },
    tsconfig: false,
    plugins: [{ name: 'lazy-built-ins', renderChunk: (code) => lazyBuiltIns(code) }],
  });
  const { output } = await bundle.generate({
    // CommonJS starts 7 ms sooner than the same as ES modules (docs/decisions/0002-start-up.md).
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    comments: { legal: true, annotation: false, jsdoc: false },
    // Whole names and lines: a stack trace from a user must be readable without a source map.
    minify: 'dce-only',
    banner: (chunk) => (chunk.isEntry && chunk.name === 'proof' ? '#!/usr/bin/env node' : ''),
  });
  await bundle.close();

  mkdirSync(dist, { recursive: true });
  const files = new Map(output.map((part) => [part.fileName, contentOf(part)]));
  files.set('THIRD-PARTY-LICENSES.txt', licencesOf(output));
  files.set('package.json', '{ "type": "commonjs" }\n');
  const command = files.get('proof.js') ?? '';
  for (const [name, content] of files)
    if (name !== 'proof.js') putInPlace(join(dist, name), content);
  putInPlace(entry, command);
  // Dated by the start of the build: a source saved while it ran is newer, so the next run builds.
  utimesSync(entry, started, started);
  if (!keepOld) {
    for (const name of readdirSync(dist)) {
      if (!files.has(name)) rmSync(join(dist, name), { recursive: true });
    }
  }
  return [...files.keys()];
}

/** True when a source is newer than the built command, or there is none. */
export function isStale(): boolean {
  if (!existsSync(entry)) return true;
  const built = statSync(entry).mtimeMs;
  const sources = ['package.json', 'package-lock.json', 'scripts/build.ts', 'src'];
  return sources.some((path) => newestChange(join(root, path)) > built);
}

function newestChange(path: string): number {
  if (path.endsWith('.test.ts')) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A directory's own time counts too: it changes when a file in it is deleted or renamed.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/**
 * Loads each of Node's own modules when it is first used, not when a chunk that may use it is
 * loaded: node:crypto alone takes 4 ms, and most commands never hash anything.
 */
function lazyBuiltIns(code: string): string {
  const names: string[] = [];
  const lazy = code.replace(
    /^(?:let|const|var) (node_\w+) = require\("(node:[\w/]+)"\);$/gm,
    (_line, name: string, module: string) => {
      names.push(name);
      return `let ${name}_; const ${name} = () => ${name}_ ??= require("${module}");`;
    },
  );
  return names.reduce(
    (text, name) =>
      text
        .replace(new RegExp(`\\bnew ${name}\\.(\\w+)`, 'g'), `new (${name}().$1)`)
        .replaceAll(`${name}.`, `${name}().`),
    lazy,
  );
}

function contentOf(part: OutputChunk | OutputAsset): string | Uint8Array {
  return part.type === 'asset' ? part.source : part.code;
}

function putInPlace(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(temporary, content);
  if (path === entry) chmodSync(temporary, 0o755);
  renameSync(temporary, path);
}

/** The licences of what was bundled in; they ask to travel with the code. */
function licencesOf(output: readonly (OutputChunk | OutputAsset)[]): string {
  const marker = `${sep}node_modules${sep}`;
  const packages = new Set<string>();
  for (const id of output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))) {
    const at = id.lastIndexOf(marker);
    if (at < 0) continue;
    const [scope = '', name = ''] = id.slice(at + marker.length).split(sep);
    const folder = scope.startsWith('@') ? join(scope, name) : scope;
    packages.add(join(id.slice(0, at), 'node_modules', folder));
  }
  return [...packages].sort().map(licenceOf).join('\n\n');
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} is bundled but holds no licence text`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

function commit(): string {
  // A tarball or a copy of the tree inside somebody else's repository must not take its commit.
  if (!existsSync(join(root, '.git'))) return '';
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

if (import.meta.main) {
  const started = performance.now();
  try {
    const files = await build();
    console.log(`dist: ${files.length} files in ${Math.round(performance.now() - started)} ms`);
  } catch (error) {
    // The message shows the place in the source; the stack would be the bundler's own.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
