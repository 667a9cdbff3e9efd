import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

/** A copy of the launcher and of the built proof.js, whose main only prints its arguments. */
let copy: string;
let built: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'proof launcher '));
  cpSync(join(root, 'proof'), join(copy, 'proof'));
  cpSync(join(root, 'dist', 'proof.js'), join(copy, 'dist', 'proof.js'));
  built = readFileSync(join(copy, 'dist', 'proof.js'), 'utf8');
  const [, main = ''] = /require\("\.\/([^"]+)"\)/.exec(built) ?? [];
  writeFileSync(
    join(copy, 'dist', main),
    'exports.main = (argv) => console.log(JSON.stringify([process.versions.node, ...argv]));',
  );
  writeFileSync(join(copy, 'package.json'), '{"type": "commonjs"}');
});

afterAll(() => rmSync(copy, { recursive: true }));

describe('the version guard', () => {
  /** Runs the built proof.js on a Node that says it is `version`. */
  function runAs(version: string) {
    const lie = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
    return spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(lie)}`, 'dist/proof.js', 'a b', '-x'],
      { cwd: copy, encoding: 'utf8' },
    );
  }

  test.each(['0.12.18', '12.0.0', '20.20.2', '22.17.1'])('Node %s gets the remedy', (version) => {
    expect(runAs(version)).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        `proof: needs Node 22.18 or newer, this is ${version} — install it ` +
        '(e.g. https://nodejs.org or "nvm install 24") and run proof again\n',
    });
  });

  test.each(['22.18.0', '22.23.3', '23.0.0', '24.21.0', '100.0.0'])(
    'Node %s goes on',
    (version) => {
      const { status, stdout, stderr } = runAs(version);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual([version, 'a b', '-x']);
    },
  );

  test('an old Node can parse it: no module syntax, no await, nothing after ES2018', () => {
    expect(built).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(() => new Script(built)).not.toThrow();
    expect(built).not.toMatch(/\?\.|\?\?|\|\|=|&&=/);
    expect(built.length).toBeLessThan(1000);
  });
});

describe('the launcher', () => {
  const run = (command: string, env: NodeJS.ProcessEnv = {}) =>
    spawnSync('/bin/sh', ['-c', command], {
      cwd: copy,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });

  /** A folder in which `node` is a script with this body. */
  function fakeNode(name: string, body: string): string {
    mkdirSync(join(copy, name), { recursive: true });
    writeFileSync(join(copy, name, 'node'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return join(copy, name);
  }

  test('uses the Node of the repository, called by path, by symlink and through PATH', () => {
    mkdirSync(join(copy, 'node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, join(copy, 'node_modules/.bin/node'));
    mkdirSync(join(copy, 'elsewhere'));
    symlinkSync('../proof', join(copy, 'elsewhere/relative'));
    symlinkSync(join(copy, 'elsewhere/relative'), join(copy, 'absolute'));
    const old = fakeNode('old', 'echo v20.20.2');

    const callers = [
      './proof',
      `'${copy}/proof'`,
      'cd elsewhere && ../proof',
      'cd elsewhere && ./relative',
      'cd / && "$HERE/absolute"',
      'sh absolute',
      'PATH="$HERE:$PATH" && cd / && proof',
      'PATH="$HERE/elsewhere:$PATH" && cd / && relative',
    ];
    for (const caller of callers) {
      const env = { HERE: copy, PATH: `${old}:${process.env.PATH}` };
      const { stdout, stderr } = run(`${caller} 'a b' '' -x '*'`, env);
      expect({ caller, stderr }).toEqual({ caller, stderr: '' });
      expect(JSON.parse(stdout)).toEqual([process.versions.node, 'a b', '', '-x', '*']);
    }
    rmSync(join(copy, 'node_modules'), { recursive: true });
  });

  test('without it, takes the machine’s Node if that is new enough', () => {
    const fine = fakeNode('fine', '[ "$1" = --version ] && echo v22.18.0 || echo "ran $*"');
    expect(run('./proof x', { PATH: `${fine}:/usr/bin:/bin` }).stdout).toBe(
      'ran ./dist/proof.js x\n',
    );
    for (const version of ['v22.17.9', 'v20.20.2', 'nonsense']) {
      const old = fakeNode('old', `echo ${version}`);
      expect(run('./proof x', { PATH: `${old}:/usr/bin:/bin` })).toMatchObject({
        status: 1,
        stdout: '',
        stderr: `proof: no Node 22.18 or newer found — run "npm ci" in ${copy}\n`,
      });
    }
  });

  test('says so in one line when nothing was built', () => {
    const bare = join(copy, 'bare');
    mkdirSync(bare);
    cpSync(join(copy, 'proof'), join(bare, 'proof'));
    expect(run('bare/proof')).toMatchObject({
      status: 1,
      stderr: `proof: not built yet — run "npm ci" in ${bare}\n`,
    });
  });

  test('changes no variable that its caller exports', () => {
    const names = ['self', 'target', 'here', 'node', 'version', 'major', 'minor'];
    const env = Object.fromEntries(names.map((name) => [name, 'mine']));
    const printer = fakeNode('prints', '[ "$1" = --version ] && echo v24.0.0 || env');
    const { stdout } = run('./proof', { ...env, PATH: `${printer}:/usr/bin:/bin` });
    for (const name of names) expect(`\n${stdout}`).toContain(`\n${name}=mine\n`);
    expect(stdout).not.toContain('_proof_');
  });

  test('is plain POSIX sh', () => {
    execFileSync('/bin/sh', ['-n', join(root, 'proof')]);
    expect(readFileSync(join(root, 'proof'), 'utf8')).toMatch(/^#!\/bin\/sh\n/);
  });
});
