import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from './parse-policy.ts';
import type { PolicyProblem } from './policy-error.ts';
import { MOST_BYTES } from './yaml-values.ts';

const read = async (text: string) => {
  const parsed = await parsePolicy(text);
  if (Array.isArray(parsed)) throw new Error(JSON.stringify(parsed, null, 1));
  return parsed;
};
const problems = async (text: string): Promise<PolicyProblem[]> => {
  const parsed = await parsePolicy(text);
  if (!Array.isArray(parsed)) throw new Error('it was taken');
  return parsed;
};
const texts = (rules: readonly { text: string }[]) => rules.map(({ text }) => text);

describe('a policy that holds', () => {
  test('every rule knows its line', async () => {
    const { policy, remarks } = await read(`# ours
mode: enforce
scope:
  write: [src/**, test/**]
  ask:
    - package.json # careful
  deny:
    - .env*
    - {path: [secrets/**, keys/**], for: all}
commands:
  default: {agent: deny}
  allow: ["npm test", 'npm run *']
  deny:
    - rm -rf *
network: {allow: [api.example.org]}
models: {allow: [claude-*]}
`);
    expect(policy.mode).toBe('enforce');
    expect(policy.scope.write).toEqual([
      { text: 'src/**', line: 4 },
      { text: 'test/**', line: 4 },
    ]);
    expect(policy.scope.ask).toEqual([{ text: 'package.json', line: 6 }]);
    expect(policy.scope.deny).toEqual([
      { text: '.env*', line: 8, all: false },
      { text: 'secrets/**', line: 9, all: true },
      { text: 'keys/**', line: 9, all: true },
    ]);
    expect(policy.commands.default).toEqual({ human: 'allow', agent: 'deny' });
    expect(policy.commands.deny).toEqual([{ text: 'rm -rf *', line: 14 }]);
    expect(policy.network).toEqual({
      allow: [{ text: 'api.example.org', line: 15 }],
      default: 'deny',
    });
    expect(remarks).toEqual([]);
  });

  test.each(['', '# nothing yet\n', '{}', 'scope:\ncommands:\n', '\ufeffmode: observe\r\n'])(
    '%j has every default',
    async (text) => {
      const { policy } = await read(text);
      expect(policy.mode).toBe('observe');
      expect(texts(policy.scope.write)).toEqual(['**']);
      expect(policy.commands.default).toEqual({ human: 'allow', agent: 'ask' });
      expect(policy.network.default).toBe('deny');
    },
  );

  test('words that YAML would make something else of stay words', async () => {
    const { policy } = await read('commands: {allow: [true, "no", 12, null, ~, 0x1f, 2001-01-01]}');
    expect(texts(policy.commands.allow)).toEqual([
      'true',
      'no',
      '12',
      'null',
      '~',
      '0x1f',
      '2001-01-01',
    ]);
  });

  test('a list whose lines are all commented out is an empty list', async () => {
    const { policy } = await read('scope:\n  write:\n    # - src/**\ncommands:\n  allow:\n');
    expect(policy.scope.write).toEqual([]);
    expect(policy.commands.allow).toEqual([]);
  });

  test('one answer for all', async () => {
    expect((await read('commands: {default: deny}')).policy.commands.default).toEqual({
      human: 'deny',
      agent: 'deny',
    });
  });

  test('remarks on what may surprise', async () => {
    const { remarks } = await read(
      'gates: {ship: {}}\ncommands:\n  allow:\n    - npm run test:*\n    - git * push\n    - ls *\n    - "*"\n',
    );
    expect(remarks.map(({ line }) => line)).toEqual([1, 4, 5, 7]);
  });
});

test.each<[text: string, code: string, place: string, says: string]>([
  ['scoep: {}', 'policy.unknown-key', '1:1', 'did you mean "scope"?'],
  ['commands:\n  alow: [ls]', 'policy.unknown-key', '2:3', 'did you mean "allow"?'],
  ['scope:\n  deny:\n    - {paht: x}', 'policy.unknown-key', '3:8', 'did you mean "path"?'],
  ['__proto__: {}', 'policy.unknown-key', '1:1', 'the keys are mode'],
  ['constructor: x', 'policy.unknown-key', '1:1', 'the keys are mode'],
  ['mode: enforced', 'policy.wrong-value', '1:7', 'observe, ask, enforce'],
  ['mode: [observe]', 'policy.wrong-value', '1:7', 'observe, ask, enforce'],
  ['- a', 'policy.wrong-value', '1:1', 'mapping'],
  ['just text', 'policy.wrong-value', '1:1', 'mapping'],
  ['commands: {allow: ls}', 'policy.wrong-value', '1:19', 'list'],
  ['commands:\n  allow:\n    - echo: x', 'policy.wrong-value', '3:7', 'quotes'],
  ['commands: {allow: [""]}', 'policy.wrong-value', '1:20', 'empty'],
  ['commands: {allow: [" "]}', 'policy.bad-rule', '1:20', 'no word'],
  ['commands: {default: {human: maybe}}', 'policy.wrong-value', '1:29', 'allow, ask, deny'],
  ['scope: {deny: [{path: x, for: everyone}]}', 'policy.wrong-value', '1:31', 'agent, all'],
  ['scope: {deny: [{for: all}]}', 'policy.wrong-value', '1:16', 'path'],
  ['scope:\n  write: [../other]', 'policy.bad-glob', '2:11', '..'],
  ['scope:\n  write: ["!src"]', 'policy.bad-glob', '2:11', 'negation'],
  ['network: {allow: ["https://x.test"]}', 'policy.bad-host', '1:19', 'scheme'],
  ['mode: observe\nmode: ask', 'policy.duplicate-key', '2:1', 'ignored'],
  ['scope:\n  write: [*.ts]', 'policy.alias', '2:11', 'quotes'],
  ['scope:\n  write: [!src]', 'policy.tag', '2:11', 'quotes'],
  ['a: &x 1\nb: *x', 'policy.alias', '1:4', 'anchors'],
  ['scope:\n  ask: [@scope/x]', 'policy.not-yaml', '2:9', ''],
  ['commands:\n\tallow: []', 'policy.not-yaml', '2:1', 'spaces'],
  ['mode: "observe', 'policy.not-yaml', '1:15', ''],
  ['mode: observe\n---\nmode: ask', 'policy.not-yaml', '2:1', 'one document'],
  ['? [a]\n: b', 'policy.not-yaml', '1:3', ''],
])('%j: %s at %s', async (text, code, place, says) => {
  const [first] = await problems(text);
  expect([first?.code, `${first?.line}:${first?.column}`]).toEqual([code, place]);
  expect(`${first?.message} ${first?.why} ${first?.remedy}`).toContain(says);
});

test('all that is wrong is told, in the order of lines', async () => {
  const found = await problems('mode: x\nscope:\n  wriet: []\ncommands: {allwo: []}\n');
  expect(found.map(({ line }) => line)).toEqual([1, 3, 4]);
});

test('one slip is told once', async () => {
  expect(await problems('[[[[[[')).toHaveLength(1);
});

describe('hostile files', () => {
  test('a file that is too large', async () => {
    expect((await problems('#'.repeat(MOST_BYTES + 1)))[0]?.code).toBe('policy.too-large');
  });

  test('a bomb of aliases', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++) {
      const of = String.fromCharCode(96 + i);
      const name = String.fromCharCode(97 + i);
      lines.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]`);
    }
    expect((await problems(lines.join('\n')))[0]?.code).toBe('policy.alias');
  });

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['dashes', '- '.repeat(100_000)],
    ['questions', '? '.repeat(100_000)],
    ['indents', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['keys', 'a: '.repeat(60_000)],
    ['quotes', '"'.repeat(200_000)],
    ['bars', 'a: |\n'.repeat(40_000)],
    ['bangs', '!'.repeat(200_000)],
    ['many keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['many same keys', 'a: 1\n'.repeat(20_000)],
    ['brackets on lines', '[\n'.repeat(60_000)],
    ['comments', '#\n'.repeat(100_000)],
  ])('%s end soon', async (_name, text) => {
    const started = performance.now();
    await parsePolicy(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

/** Words of the format in any order, and any text: nothing but problems with code and place. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom('mode', 'scope', 'write', 'deny', 'commands', 'allow', 'network', 'path'),
    fc.constantFrom(
      ': ',
      '- ',
      '\n',
      '\n  ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
      "'",
      '*',
      '&',
      '!',
      '#',
    ),
    fc.constantFrom('observe', 'src/**', '~', '|', '>', '%', '@', '`', '---', '...', '\t', '<<'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
  { maxLength: 60 },
);

test('no text throws', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, async (parts) => {
      const parsed = await parsePolicy(parts.join(''));
      if (!Array.isArray(parsed)) return;
      expect(parsed.length).toBeGreaterThan(0);
      for (const { code, line, column, message } of parsed) {
        expect(code).toMatch(/^policy\./);
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 5_000 },
  );
});

test('mutations of a good file throw nothing', async () => {
  const good = readFileSync(
    new URL('../../../test/boundaries/corpus-policy.yaml', import.meta.url),
    'utf8',
  );
  await read(good);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(good.length),
      fc.nat(20),
      fc.string({ unit: 'binary', maxLength: 5 }),
      async (at, cut, put) => {
        await parsePolicy(good.slice(0, at) + put + good.slice(at + cut));
      },
    ),
    { numRuns: 1_000 },
  );
});
