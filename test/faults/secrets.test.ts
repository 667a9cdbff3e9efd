import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leakedIn } from '../secrets/planted.ts';
import { seeded, token } from '../secrets/synthetic.ts';
import { begin } from './processes.ts';
import { leaksBelow } from './secret-scan.ts';
import { plant, recordLog, reportFalseHits, textsAround } from './secrets-through-run.ts';
import { log, NODE, PROOF, verified, type Workspace, workspace } from './workspace.ts';

const MEGABYTE = 1024 * 1024;
const WRITER = join(import.meta.dirname, 'write-in-chunks.ts');

describe('295 planted secrets', () => {
  let at: Workspace;
  beforeEach(() => {
    at = workspace();
  });
  afterEach(() => at.remove());

  const disk = () => [at.ledgerDir, at.configDir];

  test.each([
    [1, MEGABYTE],
    [512, 4 * MEGABYTE],
    [4096, 4 * MEGABYTE],
    [16_384, 4 * MEGABYTE],
  ])(
    'in output, %i bytes at a time: the user gets them, the disk does not',
    async (chunk, bytes) => {
      const planted = plant(at, bytes, chunk);
      expect(planted.secrets).toHaveLength(295);
      const hits = recordLog(at, planted, chunk);
      expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
      reportFalseHits(`${bytes / MEGABYTE} MB in pieces of ${chunk}`, hits);
      verified(at);
    },
  );

  test('on standard error, and in what a killed recorder leaves behind', async () => {
    const planted = plant(at, 2 * MEGABYTE, 7);
    recordLog(at, planted, 1000, 2);
    const words = ['run', '--', 'sh', '-c', '"$@"; sleep 5', 'x', NODE, WRITER, planted.file];
    const running = begin([NODE, PROOF, ...words, '65536'], {
      cwd: at.dir,
      env: { ...at.env, ...planted.env },
    });
    await running.said(planted.log.toString('utf8', planted.log.length - 4000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    running.child.kill('SIGKILL');
    await running.finished;
    expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
    expect(at.proof(['note', 'after', '--json']).code).toBe(0);
    expect(log(at).map(({ kind }) => kind)).toContain('gap');
    expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
    verified(at);
  });

  test('in words, notes, goals, plans, decisions', async () => {
    const planted = plant(at, 64 * 1024, 11);
    const texts = textsAround(planted);
    const { env } = planted;
    const done = (words: readonly string[]) =>
      expect(at.proof(words, { env })).toMatchObject({ code: 0 });
    for (let from = 0; from < texts.length; from += 60) {
      const some = texts.slice(from, from + 60);
      const whole = some.join('\n');
      const half = some.slice(0, 30).join('\n');
      done(['run', `--note=${half}`, '--', 'true', ...some]);
      for (const word of some.slice(0, 3)) done(['run', '--', 'true', word]);
      done(['task', 'start', `--step=${some[0]}`, `--step=${some[1]}`, '--', whole]);
      done(['task', 'plan', '--', ...some]);
      done(['note', '--', whole]);
      done([
        'decide',
        `--because=${some[3]}`,
        `--over=${some[4]}`,
        `--over=${some[5]}`,
        '--',
        half,
      ]);
      done(['task', 'close', `--because=${some[6]}`]);
    }
    done(['run', '--', 'true', ...texts]);
    expect(log(at).length).toBeGreaterThan(50);
    expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
    for (const words of [['rebuild'], ['status'], ['task', 'list']]) done(words);
    expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
    verified(at);
  });

  test('in the environment: of kept names, of secret ones, and said aloud by the command', async () => {
    const planted = plant(at, 64 * 1024, 13);
    const texts = textsAround(planted);
    for (let from = 0; from < texts.length; from += 40) {
      const env = Object.fromEntries(
        texts.slice(from, from + 40).flatMap((text, i) => [
          [`LC_${i}`, text],
          [`APP_${i}_PASSWORD`, text],
        ]),
      );
      // Whoever prints all variables prints them as NAME=value, and the name tells.
      const ran = at.proof(['run', '--', 'env'], { env: { ...planted.env, ...env } });
      expect(ran.code).toBe(0);
      for (const text of Object.values(env)) expect(ran.stdout).toContain(text);
      const name = at.proof(['run', '--', 'sh', '-c', 'printf "%s\\n" "$TERM" "$TZ" "$CI"'], {
        // Not LANG: of most of these Node itself dies before its first line of JavaScript.
        env: { ...planted.env, TERM: texts[from], TZ: texts[from + 1], CI: texts[from + 2] },
      });
      expect(name.code).toBe(0);
    }
    expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
    verified(at);
  });

  test('in the names of directories and programs, with and without a ledger that opens', async () => {
    const value = token('github-token', seeded(3));
    const place = join(at.dir, value);
    mkdirSync(place);
    writeFileSync(join(place, 'tool'), '#!/bin/sh\nsleep 0.1; exit 7\n', { mode: 0o755 });
    const secrets = [{ kind: 'github', value, at: 0 }];
    expect(at.proof(['run', '--', './tool'], { cwd: place }).code).toBe(7);
    expect(at.proof(['task', 'start', 'here', '--json'], { cwd: place }).code).toBe(0);
    expect(await leaksBelow(disk(), secrets)).toEqual([]);
    const noKey = { cwd: place, env: { XDG_CONFIG_HOME: join(at.root, 'elsewhere') } };
    expect(at.proof(['run', '--', './tool'], noKey).code).toBe(7);
    expect(await leaksBelow(disk(), secrets)).toEqual([]);
    expect(at.proof(['note', 'x', '--json']).code).toBe(0);
    expect(log(at).map(({ kind }) => kind)).toContain('gap');
    expect(await leaksBelow(disk(), secrets)).toEqual([]);
    verified(at);
  });

  test('in tracked, untracked and ignored files, in diffs, links and names: the workspace has them', async () => {
    const planted = plant(at, 256 * 1024, 17);
    const lines = planted.log.toString('utf8').split('\n');
    at.proof(['task', 'start', 'x'], { env: planted.env });
    mkdirSync(join(at.dir, 'd'));
    writeFileSync(join(at.dir, '.gitignore'), 'ignored\n');
    const pieces = textsAround(planted);
    writeFileSync(join(at.dir, 'whole.log'), planted.log);
    writeFileSync(join(at.dir, 'ignored'), planted.log);
    for (const [i, text] of pieces.entries())
      writeFileSync(join(at.dir, 'd', `f${i}`), `${text}\n`);
    at.shell('git add whole.log');
    at.proof(['run', '--', 'true'], { env: planted.env });
    writeFileSync(join(at.dir, 'whole.log'), lines.slice(0, lines.length / 2).join('\n'));
    for (const i of pieces.keys())
      writeFileSync(join(at.dir, 'd', `f${i}`), `kept\n${pieces[i + 1] ?? ''}\n`);
    at.proof(['run', '--', 'ln', '-s', planted.secrets[0]?.value.slice(0, 200) ?? '', 'link'], {
      env: planted.env,
    });
    const diff = at.proof(['diff', '--json'], { env: planted.env });
    expect(diff.code).toBe(0);
    expect(leakedIn(Buffer.from(diff.stdout), planted.secrets)).toEqual([]);
    expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
    // Sealed under a key that lies elsewhere, they are there to be put back.
    const undone = at.proof(['undo', '--to', 'E3', '--force'], { env: planted.env });
    expect(undone.code).toBe(0);
    expect(readFileSync(join(at.dir, 'whole.log')).equals(planted.log)).toBe(true);
    expect(await leaksBelow(disk(), planted.secrets)).toEqual([]);
    verified(at);
  });
});
