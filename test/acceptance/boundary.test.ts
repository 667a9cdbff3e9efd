import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMAND, newUser, ROOT, type Said, type User } from './user.ts';

const CORPUS_POLICY = join(ROOT, 'test/boundaries/corpus-policy.yaml');

function write(user: User, name: string, text: string): void {
  mkdirSync(join(user.repository, name, '..'), { recursive: true });
  writeFileSync(join(user.repository, name), text);
}
const policyOf = (user: User) => readFileSync(join(user.repository, 'proof.yaml'), 'utf8');
const errorOf = (said: Said) => (JSON.parse(said.stderr) as { error: { code: string } }).error;

describe('proof init', () => {
  test('writes a policy that observes, says what it is drafted for, and keeps one that is there', () => {
    const user = newUser();
    write(user, 'package.json', '{}');
    write(user, '.npmrc', 'registry=https://ada:secret@npm.example.org/\n');
    const said = user.proof('init');
    expect(said.stdout).toContain('proof.yaml written, drafted for npm');
    expect(said.stdout).toContain('npm.example.org (.npmrc)');
    const text = policyOf(user);
    expect(text).toContain('mode: observe');
    expect(text).not.toContain('secret@');
    expect(text).not.toContain(user.dir);
    expect(user.proof('boundary', 'check').code).toBe(0);

    const other = newUser();
    write(other, 'proof.yaml', 'mode: ask # mine\n');
    expect(other.proof('init').stdout).toContain('kept');
    expect(policyOf(other)).toBe('mode: ask # mine\n');
  });

  test('--no-policy; and the policy later, where a ledger is', () => {
    const user = newUser();
    user.proof('init', '--no-policy');
    expect(existsSync(join(user.repository, 'proof.yaml'))).toBe(false);
    expect(errorOf(user.proof('init', '--json')).code).toBe('ledger.exists');
    expect(user.proof('boundary', 'init').stdout).toContain('proof.yaml written');
    expect(existsSync(join(user.repository, 'proof.yaml'))).toBe(true);
    expect(user.proof('boundary', 'init').stdout).toContain('kept');
  });
});

describe('proof boundary test', () => {
  const user = newUser();
  const judged = (command: string) =>
    user.proof('boundary', 'test', '--policy', CORPUS_POLICY, '--json', command);

  test('needs no ledger, prints exactly the documented keys, and exits 0 whatever it says', () => {
    const said = judged('git status && rm -rf x');
    expect(said.code).toBe(0);
    const verdict = said.json() as { verdict: string; parts: object[] };
    expect(Object.keys(verdict)).toEqual(['verdict', 'parts']);
    expect(verdict.verdict).toBe('deny');
    for (const part of verdict.parts) {
      expect(Object.keys(part)).toEqual(['text', 'verdict', 'rule', 'why']);
    }
    expect(verdict.parts[0]).toMatchObject({ verdict: 'allow', rule: 'git status *' });
  });

  test('links and the current directory are those of this machine', () => {
    symlinkSync('.env', join(user.repository, 'innocent'));
    expect((judged('cat innocent').json() as { verdict: string }).verdict).toBe('deny');
    mkdirSync(join(user.repository, 'src'), { recursive: true });
    const said = user.proofIn(
      { cwd: join(user.repository, 'src') },
      ...['boundary', 'test', '--policy', CORPUS_POLICY, '--json', 'cat ../.env'],
    );
    expect((said.json() as { verdict: string }).verdict).toBe('deny');
  });

  test('- answers line by line, as the lines come', async () => {
    const child = spawn(
      process.execPath,
      [COMMAND, 'boundary', 'test', '--policy', CORPUS_POLICY, '-'],
      { cwd: user.repository, env: user.env, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const answers: string[] = [];
    let waiting = (_line: string) => {};
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n')) if (line !== '') waiting(line);
    });
    const ask = (line: string) =>
      new Promise<string>((resolve) => {
        waiting = resolve;
        child.stdin.write(`${line}\n`);
      });
    for (const line of ['"ls"', '"rm -rf x"', 'ls', '"a\\nb"', '"\u2028"', '{}', '"é"'])
      answers.push((JSON.parse(await ask(line)) as { verdict: string }).verdict);
    child.stdin.end('"pwd"');
    expect(answers).toEqual(['allow', 'deny', 'ask', 'ask', 'ask', 'ask', 'ask']);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(0);
  });

  test('for people: parts with their rule and line', () => {
    const text = user.proof('boundary', 'test', '--policy', CORPUS_POLICY, 'ls; curl x').stdout;
    expect(text).toMatch(/^deny\n/);
    expect(text).toMatch(/curl \*, line \d+/);
  });

  test('a policy that does not hold is refused with line and column, exit 2', () => {
    write(user, 'broken.yaml', 'commands:\n  alow: [ls]\n');
    const said = user.proof('boundary', 'test', '--policy', 'broken.yaml', 'ls');
    expect(said.code).toBe(2);
    expect(said.stderr).toContain('broken.yaml:2:3');
    expect(said.stderr).toContain('did you mean "allow"?');
    const missing = user.proof('boundary', 'test', '--policy', 'none.yaml', '--json', 'ls');
    expect(errorOf(missing).code).toBe('policy.not-found');
  });
});

describe('proof boundary check, show, explain', () => {
  const user = newUser();
  user.proof('init', '--no-policy');

  test('all problems, exit 2; examples are tried', () => {
    write(user, 'proof.yaml', 'mode: x\ncommands:\n  allow: [ls]\n  examples: {deny: [ls]}\n');
    expect(user.proof('boundary', 'check')).toMatchObject({ code: 2 });
    write(user, 'proof.yaml', 'commands:\n  allow: [ls]\n  examples:\n    deny: [ls]\n');
    const said = user.proof('boundary', 'check', '--json');
    expect(said.code).toBe(2);
    const { problems } = said.json() as { problems: { code: string; line: number }[] };
    expect(problems).toMatchObject([{ code: 'policy.example-fails', line: 4 }]);
    expect(user.proof('boundary', 'show')).toMatchObject({ code: 2 });
  });

  test('the same policy has the same digest, whatever its comments and order', () => {
    const digest = () =>
      (user.proof('boundary', 'show', '--json').json() as { digest: string }).digest;
    write(user, 'proof.yaml', 'commands:\n  allow: [ls, pwd]\nmode: ask\n');
    const first = digest();
    write(user, 'proof.yaml', '# ours\nmode: ask\ncommands: {allow: ["pwd", ls]}\n');
    expect(digest()).toBe(first);
    write(user, 'proof.yaml', 'mode: ask\ncommands: {allow: [ls]}\n');
    expect(digest()).not.toBe(first);
  });

  test('explain tells rule and line, for commands and for paths', () => {
    write(user, 'proof.yaml', 'scope:\n  deny: [.env*]\ncommands:\n  deny:\n    - rm -rf *\n');
    expect(user.proof('boundary', 'explain', 'ls && rm -fr x').stdout).toContain(
      'rm -rf *, line 5',
    );
    expect(user.proof('boundary', 'explain', '.env').stdout).toContain('.env*, line 2');
    const path = user.proof('boundary', 'explain', 'src/new.ts', '--json').json() as object;
    expect(path).toMatchObject({ kind: 'path', standing: 'in' });
    const human = user.proof('boundary', 'explain', 'whoami', '--as', 'human', '--json');
    expect(human.json()).toMatchObject({ kind: 'command', judged: [{ verdict: 'allow' }] });
  });
});

describe('a task that gives something up', () => {
  const user = newUser();
  user.proof('init');

  test('is narrower from its first moment, as an entry, and others are not', () => {
    const started = user.proof('task', 'start', 'Tidy', '--scope', 'src/**', '--deny-network');
    expect(started.stdout).toContain('writes only src/** · no network');
    const standing = (path: string, ...more: string[]) =>
      (
        user.proof('boundary', 'explain', path, '--path', '--json', ...more).json() as {
          standing: string;
        }
      ).standing;
    expect(standing('src/a.ts')).toBe('in');
    expect(standing('README.md')).toBe('out');
    const shown = user.proof('boundary', 'show', '--json').json() as {
      digest: string;
      narrowings: object[];
      network: object;
    };
    expect(shown.narrowings).toEqual([{ entry: 'E2', scope: ['src/**'], network: 'denied' }]);
    expect(shown.network).toEqual({ allow: [], default: 'deny' });
    const entry = user.proof('show', 'E2', '--json').json() as { body: { policy: string } };
    expect(entry.body.policy).toBe(shown.digest);
    user.proof('task', 'start', 'Other');
    expect(standing('README.md')).toBe('in');
    expect(standing('README.md', '--task', 'T1')).toBe('out');
    expect(user.proof('verify').code).toBe(0);
  });

  test('a glob that cannot be read opens no task', () => {
    const said = user.proof('task', 'start', 'x', '--scope', '../y', '--json');
    expect(said.code).toBe(2);
    expect(errorOf(said).code).toBe('policy.bad-glob');
    expect(user.proof('task', 'list').stdout).not.toContain('T3');
  });
});

describe('proof boundary suggest', () => {
  const user = newUser();
  user.proof('init');
  write(user, 'Makefile', 'build:\n\t@true\n');
  user.proof('task', 'start', 'Build');
  user.proof('run', '--', 'make', 'build');
  user.proof('run', '--', 'rm', '-f', 'nothing');

  test('drafts rules as a diff, writes them for a human only, and keeps all else', () => {
    const before = policyOf(user);
    const text = user.proof('boundary', 'suggest').stdout;
    expect(text).toContain('+ commands.allow: make build');
    expect(text).toContain('+    - "make build"');
    expect(text).not.toContain('"rm');
    expect(policyOf(user)).toBe(before);

    const agent = user.proofIn(
      { env: { PROOF_ACTOR: 'agent:robot' } },
      ...['boundary', 'suggest', 'T1', '--write', '--json'],
    );
    expect(agent.code).toBe(4);
    expect(errorOf(agent).code).toBe('actor.not-human');
    // Only to look widens nothing.
    const looking = { env: { PROOF_ACTOR: 'agent:robot' } };
    expect(user.proofIn(looking, 'boundary', 'suggest').stdout).toBe(text);
    expect(policyOf(user)).toBe(before);

    expect(user.proof('boundary', 'suggest', 'T1', '--write').code).toBe(0);
    expect(policyOf(user).replace('    - "make build"\n', '')).toBe(before);
    expect(user.proof('log').stdout).toContain('proof.yaml written');
    expect(user.proof('boundary', 'suggest').stdout).toContain('left to be asked');
  });
});

describe('proof boundary import', () => {
  const settings = join(ROOT, 'test/boundaries/claude-settings.json');

  test('prints a policy that holds, with what was not carried over at its head', () => {
    const user = newUser();
    const { stdout } = user.proof('boundary', 'import', settings);
    expect(stdout).toContain('    - "npm run test *"\n');
    expect(stdout).toContain('# Not carried over:\n');
    expect(stdout).toContain('#   Bash(* --version) — ');
    expect(stdout).toContain('#   defaultMode: acceptEdits — ');
    write(user, 'proof.yaml', stdout);
    expect(user.proof('boundary', 'check').code).toBe(0);
    const verdict = (command: string) =>
      (user.proof('boundary', 'test', '--json', command).json() as { verdict: string }).verdict;
    expect(verdict('npm run test -- -u')).toBe('allow');
    expect(verdict('git status')).toBe('allow');
    // Denied there in a way that cannot be said here: so what could be it asks.
    expect(verdict('git log -p')).not.toBe('allow');
    expect(verdict('git log --oneline')).toBe('ask');
    expect(verdict('curl x')).toBe('deny');
    expect(verdict('node --version')).toBe('ask');
    expect(verdict('cat .env')).toBe('deny');
    expect(verdict('git status > README.md')).toBe('ask');
    expect(verdict('git status > src/a')).toBe('allow');
  });

  test('--stdin claude; --write; files found by themselves', () => {
    const user = newUser();
    const said = user.proofIn({}, 'boundary', 'import', '--stdin', 'claude', '--json');
    expect(errorOf(said).code).toBe('policy.not-imported');
    expect(errorOf(user.proof('boundary', 'import', '--json')).code).toBe(
      'policy.nothing-to-import',
    );
    write(user, '.codex/rules/a.rules', 'prefix_rule(pattern=["ls"])\n');
    write(user, '.gemini/policies/a.toml', '[[rule]]\ncommandPrefix = "pwd"\ndecision = "deny"\n');
    write(user, 'proof.yaml', '# mine\ncommands:\n  allow:\n    - cat * # read\n');
    expect(user.proof('boundary', 'import', '--write').code).toBe(0);
    expect(policyOf(user)).toBe(
      '# mine\ncommands:\n  allow:\n    - cat * # read\n    - "ls *"\n  deny:\n    - "pwd *"\n',
    );
  });
});
