import { expect, test } from 'vitest';
import { draftRule } from './draft-rule.ts';

test.each<[command: string, rule: string | null]>([
  ['npm test', 'npm test'],
  ['npm test -- -u', 'npm test *'],
  ['npm run build', 'npm run build'],
  ['npm run build -- --minify', 'npm run build *'],
  ['npx vitest run src', 'npx vitest *'],
  ['git switch -c topic', 'git switch *'],
  ['git stash pop', 'git stash pop'],
  ['git stash push -m x', 'git stash push *'],
  ['git -C sub status', null],
  ['git --version', null],
  ['git', 'git'],
  ['gh pr view 7', 'gh pr view *'],
  ['make build', 'make build'],
  ['make -j4', null],
  ['ls -la src', 'ls *'],
  ['ls', 'ls'],
  ['tsc --noEmit', 'tsc *'],
  ['node scripts/build.js', 'node scripts/build.js'],
  ['node', null],
  ['node -e 1', null],
  ['python3 -m http.server', 'python3 -m http.server'],
  ['python3 -c 1', null],
  ['bash -lc ls', null],
  ['./scripts/x.sh a', './scripts/x.sh a'],
  ['./scripts/x.sh', './scripts/x.sh'],
  ['rm old.txt', null],
  ['/bin/rm old.txt', null],
  ['curl http://x.test', null],
  ['sudo ls', null],
  ['CI=1 npm test', null],
  ['echo "a b"', null],
  ['echo $X', null],
])('%s → %s', (command, rule) => {
  expect(draftRule(command.split(' '))).toBe(rule);
});
