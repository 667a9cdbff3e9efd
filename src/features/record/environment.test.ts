import { describe, expect, it } from 'vitest';
import { environmentFacts } from './environment.ts';
import { nestingFor, nestingIn } from './nesting.ts';

const key = new Uint8Array(32).fill(1);
const facts = (env: Record<string, string>) => {
  const { json, ...rest } = environmentFacts(env, key);
  return { ...rest, ...(JSON.parse(json) as { names: string[]; values: Record<string, string> }) };
};

describe('facts of an environment', () => {
  const env = { PATH: '/bin', LC_ALL: 'C', HOME: '/home/ada', API_TOKEN: 'hunter2', TERM: 'xterm' };

  it('keep all names, and the values of those that are nobody’s secret', () => {
    const { names, values } = facts(env);
    expect(names).toEqual(['API_TOKEN', 'HOME', 'LC_ALL', 'PATH', 'TERM']);
    expect(values).toEqual({ LC_ALL: 'C', PATH: '/bin', TERM: 'xterm' });
    expect(environmentFacts(env, key).json).not.toContain('hunter2');
  });

  it('are equal for equal environments, in whatever order, under one key', () => {
    const backwards = Object.fromEntries(Object.entries(env).reverse());
    expect(facts(backwards)).toEqual(facts(env));
    expect(environmentFacts(env, new Uint8Array(32)).digest).not.toBe(facts(env).digest);
  });

  it('differ when any value does, kept or not', () => {
    expect(facts({ ...env, API_TOKEN: 'hunter3' }).digest).not.toBe(facts(env).digest);
    expect(facts({ ...env, EXTRA: '' }).digest).not.toBe(facts(env).digest);
    expect(facts({ A: 'b', C: 'd' }).digest).not.toBe(facts({ A: 'b\nC=d' }).digest);
  });

  it('can be written down whatever bytes stand in names and values', () => {
    const odd = { 'LC_\ud800': 'x', 'X\udc00': 'y', TERM: '\ud800', __proto__: 'z', '': 'nothing' };
    expect(facts(odd).values).toMatchObject({ TERM: '\ufffd', 'LC_\ufffd': 'x' });
    expect(facts({}).values).toEqual({});
  });
});

describe('a command inside a recorded command', () => {
  const run = '0123456789abcdef';
  const ledger = 'ab'.repeat(16);

  it.each([
    [run, ledger, 12],
    [run, ledger, null],
    [run, null, null],
  ])('knows the run, ledger and task around it: %s %s %s', (parent, of, task) => {
    expect(nestingIn({ PROOF_RUN: nestingFor(parent, of, task) })).toEqual({
      parent,
      ledger: of,
      task,
    });
  });

  it.each([
    '',
    'x',
    `${run}`,
    `${run}:5`,
    `${run}:x:5`,
    `${run}:${ledger}:-1`,
    `${run}:${ledger}:1e3`,
    `${run}::5 `,
  ])('is not misled by PROOF_RUN=%j', (text) => {
    expect(nestingIn({ PROOF_RUN: text })).toBe(null);
  });

  it('is none where the variable is not set', () => {
    expect(nestingIn({})).toBe(null);
  });
});
