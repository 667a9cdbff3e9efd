import { expect, it } from 'vitest';
import { placesIn, treeOf } from '../../../test/boundaries/made-up-tree.ts';
import { policyOf } from '../../../test/boundaries/sandbox-world.ts';
import { suspectsIn } from './refused-paths.ts';
import { planSandbox } from './sandbox-profile.ts';

const tree = treeOf([
  ...['/w/src/a', '/w/README.md', '/home/u/.ssh/id', '/tmp/', '/w/src/link -> ../README.md'],
]);
const plan = planSandbox(
  policyOf({ write: ['src/**'] }),
  placesIn({ gitDir: null, commonDir: null }),
  tree,
);
const find = (text: string) =>
  suspectsIn(text, plan, '/w', tree.real).map(({ path, rule }) => `${path} (${rule})`);

it.each([
  ['sh: 1: cannot create README.md: Read-only file system', ['/w/README.md (outside the scope)']],
  ['sh: 1: cannot create y: Read-only file system', ['/w/y (outside the scope)']],
  [
    "mv: cannot move 'src/p' to 'README.md': Device or resource busy",
    ['/w/README.md (outside the scope)'],
  ],
  ["touch: cannot touch 'src/link': Read-only file system", ['/w/src/link (outside the scope)']],
  [
    "Error: EROFS: read-only file system, open '/w/package.json'",
    ['/w/package.json (outside the scope)'],
  ],
  [
    'cat: /home/u/.ssh/id: No such file or directory',
    ['/home/u/.ssh/id (always: ~/.ssh is not read)'],
  ],
  [
    "PermissionError: [Errno 13] Permission denied: '/home/u/.ssh'",
    ['/home/u/.ssh (always: ~/.ssh is not read)'],
  ],
  ['cat: nothing.txt: No such file or directory', []],
  ['cat: src/gone: No such file or directory', []],
  ['curl: (6) Could not resolve host: example.com', ['network (network: default deny)']],
  ['npm error code ENOTFOUND', ['network (network: default deny)']],
  ['make.sh: 2: cannot create main.c: Read-only file system', ['/w/main.c (outside the scope)']],
  ['all is well', []],
  ['3 tests failed', []],
])('%s', (text, found) => expect(find(text)).toEqual(found));

it('takes hostile output, however long its lines', () => {
  const began = performance.now();
  find(`${"'".repeat(16_000)}: Permission denied`);
  find(`${'a/'.repeat(8_000)} Permission denied ${'/'.repeat(8_000)}`);
  find(`${': '.repeat(8_000)}Permission denied`);
  expect(performance.now() - began).toBeLessThan(1000);
});
