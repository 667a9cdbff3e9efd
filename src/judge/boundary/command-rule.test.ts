import { expect, test } from 'vitest';
import { allows, commandRules, forbids } from './command-rule.ts';
import { exactField, type Field, unknownField } from './field.ts';
import type { Policy } from './policy.ts';

function rule(text: string) {
  const commands = { allow: [], ask: [], deny: [{ text, line: 1 }] };
  return commandRules({ commands } as unknown as Policy).deny[0]!;
}

/** `?` stands for a word nobody can read. */
function fields(text: string): Field[] {
  return text.split(' ').map((word) => (word === '?' ? unknownField('?') : exactField(word)));
}

test.each([
  ['npm test', 'npm test', 2],
  ['npm test', 'npm test x', null],
  ['npm run *', 'npm run', 2],
  ['npm run *', 'npm run build -- x', 2],
  ['npm run *', 'npm runs', null],
  ['npm run *', 'npm -s run x', null],
  ['npm ru*', 'npm run', null],
  ['ls *', '/bin/ls', null],
  ['ls *', 'ls ?', 1],
  ['npm run *', 'npm ?', null],
  ['*', 'any thing', 0],
  ['git commit -m "a b"', 'git commit -m a', null],
])('allow %s: %s → %s', (text, command, literal) => {
  expect(allows(rule(text), fields(command))).toBe(literal);
});

test('quotes in a rule keep its spaces', () => {
  const words = ['git', 'commit', '-m', 'a b'].map(exactField);
  expect(allows(rule('git commit -m "a b"'), words)).toBe(4);
});

test.each([
  ['rm -rf *', 'rm -rf x', 'yes'],
  ['rm -rf *', 'rm -fr x', 'yes'],
  ['rm -rf *', 'rm -r -f x', 'yes'],
  ['rm -rf *', 'rm -R --forc x', 'yes'],
  ['rm -rf *', 'rm x --recursive -vf', 'yes'],
  ['rm -rf *', '/bin/rm -rf x', 'yes'],
  ['rm -rf *', 'RM -rf x', 'yes'],
  ['rm -rf *', 'rm -r x', 'no'],
  ['rm -rf *', 'rm -r -- -f', 'no'],
  ['rm -rf *', 'rm ?', 'maybe'],
  ['rm -rf *', 'rmdir -rf', 'no'],
  ['rm -rf *', '? -rf', 'maybe'],
  ['git push *', 'git push', 'yes'],
  ['git push *', 'git -C x push', 'yes'],
  ['git push *', 'git -c a=b --no-pager push', 'yes'],
  ['git push *', 'git stash push', 'no'],
  ['git push *', 'git log push', 'no'],
  ['git push *', 'git ?', 'maybe'],
  ['git push *', 'git log ?', 'no'],
  ['git push *', '/usr/lib/git-core/git-push x', 'yes'],
  ['git push --force *', 'git push origin -f', 'yes'],
  ['git push --force *', 'git push origin', 'no'],
  ['git push', 'git push', 'yes'],
  ['git push', 'git push origin', 'no'],
  ['npm install *', 'npm i x', 'yes'],
  ['npm publish *', 'npm --silent publish', 'yes'],
  ['kubectl delete *', 'kubectl -n x delete pod', 'yes'],
  ['kubectl delete *', 'kubectl get pods', 'no'],
  ['curl -X DELETE *', 'curl -XDELETE u', 'yes'],
  ['curl -X DELETE *', 'curl --request DELETE u', 'yes'],
  ['curl -X DELETE *', 'curl u', 'no'],
  ['find * -delete', 'find . -delete', 'yes'],
  ['curl*', 'curl x', 'no'],
  ['*', 'anything', 'yes'],
])('forbid %s: %s → %s', (text, command, found) => {
  expect(forbids(rule(text), fields(command))).toBe(found);
});
