import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Addition, addRules } from './edit-policy.ts';
import { parsePolicy } from './parse-policy.ts';

const allow = (text: string): Addition => ({ list: 'commands.allow', text });

test.each<[name: string, before: string, additions: Addition[], after: string]>([
  [
    'block list',
    'commands:\n  allow:\n    - ls * # look\n    # more\n  deny: [x]\n',
    [allow('npm test')],
    'commands:\n  allow:\n    - ls * # look\n    - "npm test"\n    # more\n  deny: [x]\n',
  ],
  [
    'block list at the indent of its key',
    'commands:\n  allow:\n  - ls\n',
    [allow('a'), allow('b')],
    'commands:\n  allow:\n  - ls\n  - "a"\n  - "b"\n',
  ],
  [
    'flow list',
    "scope: {write: [ 'src/**',   test/** ]} # keep\n",
    [{ list: 'scope.write', text: 'docs/**' }],
    'scope: {write: [ \'src/**\',   test/**, "docs/**" ]} # keep\n',
  ],
  [
    'flow list on lines',
    'scope:\n  write: [\n    src/**, # a\n    test/** # b\n  ]\n',
    [{ list: 'scope.write', text: 'docs/**' }],
    'scope:\n  write: [\n    src/**, # a\n    test/**,\n    "docs/**" # b\n  ]\n',
  ],
  ['empty flow list', 'commands: {allow: []}', [allow('a')], 'commands: {allow: ["a"]}'],
  ['key with nothing', 'commands:\n  allow:\n', [allow('a')], 'commands:\n  allow:\n    - "a"\n'],
  [
    'key with nothing but comments',
    'commands:\n  allow: # nothing yet\n    # - ls\n  deny: [x]\n',
    [allow('a')],
    'commands:\n  allow: # nothing yet\n    - "a"\n    # - ls\n  deny: [x]\n',
  ],
  ['flow key with nothing', 'commands: {allow: }\n', [allow('a')], 'commands: {allow:  ["a"]}\n'],
  [
    'no such key',
    'commands:\n  deny:\n    - x\n# end\n',
    [allow('a')],
    'commands:\n  deny:\n    - x\n  allow:\n    - "a"\n# end\n',
  ],
  [
    'no such key in flow',
    'commands: {deny: [x]}',
    [allow('a')],
    'commands: {deny: [x], allow: ["a"]}',
  ],
  ['no such key in an empty flow', 'commands: {}', [allow('a')], 'commands: {allow: ["a"]}'],
  [
    'no such section',
    '# ours\nmode: ask\n',
    [allow('a')],
    '# ours\nmode: ask\ncommands:\n  allow:\n    - "a"\n',
  ],
  ['section with nothing', 'commands:\n', [allow('a')], 'commands:\n  allow:\n    - "a"\n'],
  ['only comments', '# nothing\n', [allow('a')], '# nothing\ncommands:\n  allow:\n    - "a"\n'],
  ['nothing', '', [allow('a')], 'commands:\n  allow:\n    - "a"\n'],
  ['braces', '{}', [allow('a')], '{commands: {allow: ["a"]}}'],
  [
    'no end of line',
    'mode: ask',
    [allow('a')],
    'mode: ask\ncommands:\n  allow:\n    - "a"\n'.trimEnd(),
  ],
  [
    'Windows line ends',
    'commands:\r\n  allow:\r\n    - ls\r\n',
    [allow('a')],
    'commands:\r\n  allow:\r\n    - ls\r\n    - "a"\r\n',
  ],
  [
    'after a mapping',
    'scope:\n  deny:\n    - path: keys\n      for: all\n\n# x\n',
    [{ list: 'scope.deny', text: '.env*' }],
    'scope:\n  deny:\n    - path: keys\n      for: all\n    - ".env*"\n\n# x\n',
  ],
  [
    'after a block text',
    'commands:\n  allow:\n    - >-\n      npm\n      test\n  deny: []\n',
    [allow('a')],
    'commands:\n  allow:\n    - >-\n      npm\n      test\n    - "a"\n  deny: []\n',
  ],
  ['what is there already', 'commands: {allow: [a]}', [allow('a')], 'commands: {allow: [a]}'],
  [
    'a rule with quotes',
    'commands: {allow: [a]}',
    [allow('echo "x" \\y')],
    'commands: {allow: [a, "echo \\"x\\" \\\\y"]}',
  ],
])('%s', async (_name, before, additions, after) => {
  expect(await addRules(before, additions)).toBe(after);
});

test('a file that does not hold is not touched', async () => {
  await expect(addRules('mode: x', [allow('a')])).rejects.toMatchObject({
    code: 'policy.not-edited',
  });
});

const comment = fc.constantFrom('', ' # a comment', '   #x');
const rule = fc.constantFrom('ls *', '"npm test"', "'a b'", 'git status', '"x # y"');
const blockList = fc
  .array(fc.tuple(rule, comment), { maxLength: 4 })
  .map((items) => items.map(([one, note]) => `    - ${one}${note}\n`).join(''));
const flowList = fc.array(rule, { maxLength: 4 }).map((items) => ` [${items.join(', ')}]`);
const section = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('allow', 'ask', 'deny'), { maxLength: 3 }),
    fc.array(
      fc.oneof(
        blockList.map((text) => `\n${text}`),
        flowList.map((text) => `${text}\n`),
      ),
      {
        minLength: 3,
        maxLength: 3,
      },
    ),
    comment,
  )
  .map(([keys, lists, note]) => keys.map((key, at) => `  ${key}:${lists[at]}  ${note}\n`).join(''));

test('whatever was there stays, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      section,
      comment,
      fc.constantFrom('allow', 'ask', 'deny'),
      async (body, note, key) => {
        const before = `mode: ask${note}\ncommands:\n${body}\n# end\n`;
        const added = { list: `commands.${key}`, text: 'new rule' } as Addition;
        const after = await addRules(before, [added]);
        // Taking out what was put in, which is one stretch of text, gives what was there.
        let same = 0;
        while (same < before.length && before[same] === after[same]) same++;
        const tail = before.slice(same);
        expect(after.endsWith(tail)).toBe(true);
        const parsed = await parsePolicy(after);
        expect(Array.isArray(parsed)).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});
