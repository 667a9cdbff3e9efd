import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Policy, Rule } from '../../src/judge/boundary/policy.ts';
import { as, giveTo, NOBODY } from '../faults/nobody.ts';
import { baseEnvironment, NODE, PROOF } from '../faults/workspace.ts';
import { has } from '../system-programs.ts';

const RUNNER = resolve(import.meta.dirname, 'enclosed.ts');

/** Whom the tests can be: root's powers and a user's are not the same to escape from. */
export const PEOPLE: readonly { who: string; words: readonly string[] }[] =
  process.getuid?.() === 0
    ? [
        { who: 'as root', words: [] },
        ...(has('setpriv') ? [{ who: 'as an ordinary user', words: as(NOBODY) }] : []),
      ]
    : [{ who: 'as this user', words: [] }];

/** A policy with these rules, that enforces. */
export function policyOf(rules: {
  write?: readonly string[];
  generated?: readonly string[];
  ask?: readonly string[];
  deny?: readonly string[];
  denyAll?: readonly string[];
  hosts?: readonly string[];
  network?: 'allow' | 'deny';
}): Policy {
  const lines = (texts: readonly string[] = []): Rule[] =>
    texts.map((text, index) => ({ text, line: index + 1 }));
  const commands = { allow: [], ask: [], deny: [], examples: { allow: [], ask: [], deny: [] } };
  return {
    mode: 'enforce',
    scope: {
      write: lines(rules.write),
      generated: lines(rules.generated),
      ask: lines(rules.ask),
      deny: [
        ...lines(rules.deny).map((rule) => ({ ...rule, all: false })),
        ...lines(rules.denyAll).map((rule) => ({ ...rule, all: true })),
      ],
    },
    commands: { ...commands, default: { human: 'allow', agent: 'ask' } },
    network: { allow: lines(rules.hosts), default: rules.network ?? 'deny' },
    models: { allow: [] },
  };
}

export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: the outcome as JSON
  result: any;
}

/** A repository with a ledger, a home with keys in it, and somebody at work there. */
export interface World {
  dir: string;
  work: string;
  home: string;
  env: Record<string, string>;
  /** Runs a command sandboxed and recorded. */
  run(argv: readonly string[], options?: RunOptions): Ran;
  sh(script: string, options?: RunOptions): Ran;
  /** As the same person, outside of any sandbox. */
  outside(argv: readonly string[], options?: { cwd?: string }): Ran;
  /** The newest command's entry as `proof show --json` has it. */
  // biome-ignore lint/suspicious/noExplicitAny: an entry as JSON
  entry(): any;
  write(path: string, text: string): void;
  read(path: string): string;
  exists(path: string): boolean;
}

interface RunOptions {
  policy?: Policy;
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  enforce?: boolean;
  /** A shell line around it, in which `$RUN` is the runner. */
  around?: string;
}

export const SRC_ONLY = policyOf({ write: ['src/**'] });

export function newWorld(person: readonly string[] = []): World & { remove(): void } {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'proof-sandbox-')));
  const [work, home] = [join(dir, 'work'), join(dir, 'home')];
  mkdirSync(work);
  mkdirSync(home);
  const env = { ...baseEnvironment(home), PROOF_ACTOR: 'agent:test' };
  const made: World = {
    dir,
    work,
    home,
    env,
    run(argv, options = {}) {
      const result = join(dir, 'result.json');
      rmSync(result, { force: true });
      const { policy = SRC_ONLY, enforce = true, around } = options;
      const words =
        around === undefined
          ? [NODE, RUNNER, ...argv]
          : ['sh', '-c', around.replaceAll('$RUN', `${NODE} ${RUNNER}`)];
      const ran = spawn(
        [...person, ...words],
        options.cwd ?? work,
        {
          ...env,
          ...options.env,
          ENCLOSED: JSON.stringify({ policy, enforce }),
          ENCLOSED_RESULT: result,
        },
        options.input,
      );
      return {
        ...ran,
        result: existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : null,
      };
    },
    sh: (script, options) => made.run(['sh', '-c', script], options),
    outside: (argv, options = {}) => spawn([...person, ...argv], options.cwd ?? work, env),
    entry() {
      const log = made.outside([NODE, PROOF, 'log', '--all', '--json']).stdout.trim().split('\n');
      const command = log.findLast((line) => line.includes('"kind":"command"'));
      return JSON.parse(command ?? 'null');
    },
    write(path, text) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    },
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    exists: (path) => existsSync(join(dir, path)),
  };
  chmodSync(dir, 0o755);
  made.write('work/src/a.txt', 'in scope\n');
  made.write('work/README.md', 'not in scope\n');
  made.write('work/proof.yaml', 'mode: enforce\n');
  for (const [path, text] of Object.entries(KEYS)) made.write(`home/${path}`, text);
  if (person.length > 0) giveTo(NOBODY, dir);
  made.outside(['git', 'init', '-q', '-b', 'main', '.']);
  made.outside(['git', 'add', '.']);
  made.outside(['git', 'commit', '-qm', 'first']);
  made.outside([NODE, PROOF, 'init']);
  return { ...made, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** What must not be read, each with the same words in it, to be looked for. */
export const KEPT_SECRET = 'nobody reads this';
export const KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    '.ssh/id_ed25519',
    '.gnupg/private-keys-v1.d/key',
    '.aws/credentials',
    '.config/gcloud/application_default_credentials.json',
    '.azure/accessTokens.json',
    '.kube/config',
    '.docker/config.json',
    '.netrc',
    '.config/gh/hosts.yml',
    '.git-credentials',
    '.mozilla/firefox/profile/logins.json',
    '.bash_history',
    '.claude/.credentials.json',
  ].map((path) => [path, `${KEPT_SECRET}\n`]),
);

function spawn(argv: readonly string[], cwd: string, env: Record<string, string>, input = ''): Ran {
  const [file = '', ...words] = argv;
  const { status, signal, stdout, stderr } = spawnSync(file, words, {
    cwd,
    env,
    input,
    encoding: 'utf8',
    timeout: 55_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, signal, stdout, stderr, result: null };
}
