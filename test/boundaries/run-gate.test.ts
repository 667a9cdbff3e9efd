import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND, newUser, type User } from '../acceptance/user.ts';
import { openOuter } from '../process/outer.ts';
import { describeWith } from '../system-programs.ts';

const POLICY = (mode: string) => `mode: ${mode}
scope: {write: [src/**], generated: [], ask: [], deny: []}
commands:
  default: {human: allow, agent: allow}
  allow: []
  ask: ["touch asked *"]
  deny: ["touch denied *"]
network: {allow: [], default: deny}
`;

function userWith(mode: string): User {
  const user = newUser();
  user.proof('init', '--no-policy');
  write(user, 'proof.yaml', POLICY(mode));
  mkdirSync(join(user.repository, 'src'));
  user.git('add', '.');
  return user;
}

function write(user: User, name: string, text: string): void {
  writeFileSync(join(user.repository, name), text);
}

const asAgent = { env: { PROOF_ACTOR: 'agent:claude' } };

/** Kinds of the newest entries, the newest last, with what became of decisions. */
function log(user: User): { kind: string; held: string; decision?: string; subject?: string }[] {
  const lines = user.proof('log', '--all', '--json').stdout.trim().split('\n');
  return lines.map((line) => {
    const { kind, held, body } = JSON.parse(line);
    return kind === 'boundary.decision'
      ? { kind, held, decision: body.decision, subject: body.subject }
      : { kind, held };
  });
}

describe('a command that the boundary denies, or asks about', () => {
  it.each([
    ['observe', 'denied', 0, 'violated'],
    ['observe', 'asked', 0, 'violated'],
    ['ask', 'denied', 126, 'denied'],
    ['ask', 'asked', 126, 'denied'],
    ['enforce', 'denied', 126, 'denied'],
    ['enforce', 'asked', 126, 'denied'],
  ])('under %s, %s: exit %i, recorded as %s', (mode, name, code, decision) => {
    const user = userWith(mode);
    const said = user.proofIn(asAgent, 'run', '--', 'touch', name, 'file');
    expect(said.code).toBe(code);
    const entries = log(user);
    const last = entries.at(-1);
    if (code === 126) {
      expect(said.stderr).toMatch(/^proof: Not run.*\n {2}why: {2}.*touch \w+ \*.*line \d+.*\n/);
      expect(last).toMatchObject({ kind: 'boundary.decision', decision, held: 'matched' });
      expect(entries.some(({ kind }) => kind === 'command')).toBe(false);
    } else {
      expect(entries.find(({ kind }) => kind === 'command')).toMatchObject({ held: 'observed' });
      expect(entries.find(({ kind }) => kind === 'boundary.decision')).toMatchObject({ decision });
    }
  });

  it('is not pointed at under observe where only no rule speaks of it', () => {
    const user = userWith('observe');
    write(user, 'proof.yaml', POLICY('observe').replace('agent: allow', 'agent: ask'));
    expect(user.proofIn(asAgent, 'run', '--', 'true').code).toBe(0);
    expect(log(user).some(({ kind }) => kind === 'boundary.decision')).toBe(false);
  });

  it('says so in JSON', () => {
    const user = userWith('ask');
    const said = user.proofIn(asAgent, 'run', '--json', '--', 'touch', 'denied', 'x');
    const line = said.stderr.split('\n').find((text) => text.startsWith('{"entry"'));
    expect(JSON.parse(line ?? '')).toMatchObject({
      entry: 'E1',
      exit: { code: 126, signal: null },
      refused: { code: 'run.denied' },
    });
  });

  it('is asked about at the terminal, where nothing typed is a no', async () => {
    const user = userWith('ask');
    const words = [process.execPath, COMMAND, 'run', '--', 'touch', 'asked', 'x'];
    for (const [typed, code] of [
      ['\r', 126],
      ['y\r', 0],
    ] as const) {
      const outer = openOuter(words, { env: user.env, cwd: user.repository });
      await outer.shows('run it? [y/N]');
      outer.type(typed);
      expect(await outer.ended).toMatchObject({ exitCode: code });
    }
    expect(log(user).findLast(({ kind }) => kind === 'boundary.decision')).toMatchObject({
      decision: 'asked',
    });
  });
});

describe('without a policy, or with one that does not hold', () => {
  it('nothing is judged where there is none', () => {
    const user = newUser();
    user.proof('init', '--no-policy');
    expect(user.proofIn(asAgent, 'run', '--', 'touch', 'x').code).toBe(0);
    expect(log(user).find(({ kind }) => kind === 'command')).toMatchObject({ held: 'none' });
  });

  it('a slip in a file that only observes stops nothing, in one that enforces it does', () => {
    const user = userWith('observe');
    const broken = (mode: string) => POLICY(mode).replace('allow: []', 'alow: []');
    write(user, 'proof.yaml', broken('observe'));
    const observed = user.proof('run', '--', 'true');
    expect(observed.code).toBe(0);
    expect(observed.stderr).toContain('alow');
    write(user, 'proof.yaml', broken('enforce'));
    expect(user.proof('run', '--', 'true').code).not.toBe(0);
  });
});

describeWith(['/usr/bin/bwrap', '/usr/bin/perl'])('under enforce', () => {
  it('runs in the sandbox, and tells what it may have been kept from', () => {
    const user = userWith('enforce');
    write(user, 'make.sh', 'echo x > made.txt\n');
    const said = user.proof('run', '--', 'sh', 'make.sh');
    expect(said.code).toBe(2);
    expect(said.stderr).toContain(
      `proof: perhaps the boundary: ${join(user.repository, 'made.txt')} (outside the scope)`,
    );
    const entry = log(user).findLast(({ kind }) => kind === 'command');
    expect(entry).toMatchObject({ held: 'enforced' });
    const name = user.proof('log', '--all').stdout.trim().split('\n').at(-1)?.split('\t')[0] ?? '';
    const shown = user.proof('show', name).stdout;
    expect(shown).toMatch(/sandbox {2}bubblewrap .* no network/);
    expect(shown).toContain('perhaps the boundary');
    expect(user.proof('verify').code).toBe(0);
  });

  it('records hosts it was kept from as decisions', () => {
    const user = userWith('enforce');
    write(user, 'proof.yaml', POLICY('enforce').replace('{allow: []', '{allow: [example.org]'));
    const ask = `perl -e 'use IO::Socket::INET; my ($p) = $ENV{http_proxy} =~ /(\\d+)$/; my $s = IO::Socket::INET->new("127.0.0.1:$p"); print $s "CONNECT example.com:443 HTTP/1.1\\r\\n\\r\\n"; print <$s>'`;
    write(user, 'ask.sh', ask);
    const said = user.proof('run', '--', 'sh', 'ask.sh');
    expect(said.stderr).toContain('proof: not reached: example.com:443');
    expect(log(user).at(-1)).toMatchObject({
      kind: 'boundary.decision',
      decision: 'denied',
      subject: 'example.com:443',
      held: 'enforced',
    });
  });

  it('is left by a human alone, said before it starts', () => {
    const user = userWith('enforce');
    const refused = user.proofIn(asAgent, 'run', '--no-enforce', '--', 'true');
    expect(refused.code).toBe(126);
    expect(refused.stderr).toContain('only a human');
    const left = user.proof(
      'run',
      '--no-enforce',
      '--',
      'sh',
      '-c',
      'echo started >&2; touch src/x',
    );
    expect(left.code).toBe(0);
    expect(left.stderr.indexOf('without the sandbox')).toBeLessThan(left.stderr.indexOf('started'));
    const entry = log(user).findLast(({ kind }) => kind === 'command');
    expect(entry).toMatchObject({ held: 'observed' });
  });

  // The sandbox has a /tmp of its own: a checkout that lies there is not seen from inside.
  const hidden = import.meta.dirname.startsWith(`${realpathSync(tmpdir())}/`);
  it.skipIf(hidden)('takes what runs proof inside as a part of the command around it', () => {
    const user = userWith('enforce');
    write(user, 'nested.sh', `${process.execPath} "$PROOF" run -- echo nested\n`);
    const command = join(import.meta.dirname, '..', '..', 'dist', 'proof.js');
    const said = user.proofIn({ env: { PROOF: command } }, 'run', '--', 'sh', 'nested.sh');
    expect(said).toMatchObject({ code: 0, stdout: 'nested\n' });
    expect(said.stderr).toContain('a part of the sandboxed command around it');
    expect(log(user).filter(({ kind }) => kind === 'command')).toHaveLength(1);
  });

  it('narrows with the task', () => {
    const user = userWith('enforce');
    write(user, 'proof.yaml', POLICY('enforce').replace('[src/**]', '["**"]'));
    user.proof('task', 'start', 'narrow', '--scope', 'src/**');
    write(user, 'out.sh', 'echo x > src/x && echo x > out.txt\n');
    expect(user.proof('run', '--', 'sh', 'out.sh').code).not.toBe(0);
    expect(readFileSync(join(user.repository, 'src/x'), 'utf8')).toBe('x\n');
  });

  it('doctor tells what holds here', () => {
    const found = userWith('enforce').proof('doctor', '--json').json() as {
      findings: { check: string; state: string; found: string }[];
    };
    expect(found.findings.find(({ check }) => check === 'sandbox')).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('bubblewrap'),
    });
  });
});
