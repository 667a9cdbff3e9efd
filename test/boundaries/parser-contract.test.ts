// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are expansions of a shell.
import { forEachChild, parse, type SyntaxNode } from 'unbash';
import { expect, test } from 'vitest';

/**
 * What the decider believes of its parser (unbash, pinned exactly): which commands it finds in
 * texts that other parsers misread. A new version of it must pass this before it is taken.
 */
const cases: readonly [text: string, commands: readonly string[]][] = [
  ['r\\\nm -rf x', ['rm -rf x']],
  ['echo "${X:=`rm a`}"', ['echo ${X:=`rm a`}', 'rm a']],
  ['cat <<EOF\n$(rm a)\nEOF ', ['cat', 'rm a']],
  ['cat <<EOF\nEOF \nrm\nEOF', ['cat']],
  ['coproc rm a', ['rm a']],
  ['echo $[ $(rm a) ]', ['echo $[ $(rm a) ]', 'rm a']],
  ['echo ${ rm a; }', ['echo ${ rm a; }', 'rm a']],
  ['echo ${| rm a; }', ['echo ${| rm a; }', 'rm a']],
  ['a[$(rm b)]=1', ['', 'rm b']],
  ['case x in $(rm a)) ;; esac', ['rm a']],
  ['[[ -v a[$(rm b)] ]]', ['rm b']],
  ['(( a[$(rm b)] ))', ['rm b']],
  ['for ((i=$(rm a);;)); do :; done', ['rm a', ':']],
  ['echo <(rm a) >(rm b)', ['echo <(rm a) >(rm b)', 'rm a', 'rm b']],
  ['ls #; rm a', ['ls']],
  ['ls;#rm a', ['ls']],
  ['echo a#b', ['echo a#b']],
  ["echo 'a\\'; rm b", ['echo a\\', 'rm b']],
  ["echo $'a\\'; rm b'", ["echo a'; rm b"]],
  ['function f { rm a; }', ['rm a']],
  ['f() rm a', ['!', 'rm a']],
  ['f()(rm a)', ['rm a']],
  ['time -p rm a', ['rm a']],
  ['! rm a', ['rm a']],
  ['rm a &', ['rm a']],
  ['rm a |& cat', ['rm a', 'cat']],
  ['{ rm a; } > x', ['rm a']],
  ['if rm a; then :; elif rm b; then :; else rm c; fi', ['rm a', ':', 'rm b', ':', 'rm c']],
  ['echo `echo \\`rm a\\``', ['echo `echo \\`rm a\\``', 'echo `rm a`', 'rm a']],
  ['cat <<-EOF\n\t$(rm a)\n\tEOF', ['cat', 'rm a']],
  ["cat <<'EOF'\n$(rm a)\nEOF", ['cat']],
  ['cat <<\\EOF\n$(rm a)\nEOF', ['cat']],
  ['echo "$(cat <<EOF\n)\nEOF\n)"; rm a', ['echo $(cat <<EOF\n)\nEOF\n)', 'cat', 'rm a']],
  ['echo @(a|$(rm b))', ['echo @(a|$(rm b))', 'rm b']],
  ['echo {a,$(rm b)}', ['echo {a,$(rm b)}', 'rm b']],
  ['x=(a $(rm b))', ['', 'rm b']],
  ['declare -a x=($(rm b))', ['declare -a x=($(rm b))', 'rm b']],
  ['echo ${x/$(rm a)/$(rm b)}', ['echo ${x/$(rm a)/$(rm b)}', 'rm a', 'rm b']],
  ['echo ${x:$(rm a):$(rm b)}', ['echo ${x:$(rm a):$(rm b)}', 'rm a', 'rm b']],
  ['echo "$(( $(rm a) ))"', ['echo $(( $(rm a) ))', 'rm a']],
  ['let x=$(rm a)', ['let x=$(rm a)', 'rm a']],
  ['cat <<< $(rm a)', ['cat', 'rm a']],
  ['ls > $(rm a)', ['ls', 'rm a']],
  ['select x in $(rm a); do rm b; done', ['rm a', 'rm b']],
  ['until rm a; do rm b; done', ['rm a', 'rm b']],
  ['echo a\\\n; rm b', ['echo a', 'rm b']],
  ['ls <<A <<B\n$(rm a)\nA\n$(rm b)\nB', ['ls', 'rm a', 'rm b']],
  ['if true; then cat <<E; fi\n$(rm a)\nE', ['true', 'cat', 'rm a']],
  ['eval "rm a"', ['eval rm a']],
  ['a=b rm c', ['rm c']],
  ['>x rm a', ['rm a']],
  ['rm<x a', ['rm a']],
  ['2>&1 rm a', ['rm a']],
  ['$(rm a) b', ['$(rm a) b', 'rm a']],
  ['"rm" a', ['rm a']],
  ["$'\\x72m' a", ['rm a']],
  ['r""m a', ['rm a']],
  ['$"rm" a', ['rm a']],
  ['echo $(<x)', ['echo $(<x)', '']],
  ['((rm a))', []],
  ['( (rm a) )', ['rm a']],
  ['echo $((rm a); rm b)', ['echo $((rm a); rm b)', 'rm a', 'rm b']],
];

/** Every command at any depth, in the order of the text; `!` where the grammar is not met. */
function commandsIn(text: string): string[] {
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Script' && 'errors' in node && node.errors?.length) found.push('!');
    if (node.type === 'Command') {
      const words = node.args.map((arg) => (arg.type === 'Word' ? arg.value : arg.text));
      found.push([node.name?.value ?? '', ...words].join(' '));
    }
    forEachChild(node, visit);
  };
  visit(parse(text));
  return found;
}

test.each(cases)('%j', (text, commands) => {
  expect(commandsIn(text)).toEqual(commands);
});

test.each([
  'echo "x',
  "echo 'x",
  'echo `x',
  'echo $(x',
  `echo $${'{'}x`,
  'echo $((1',
  '( ls',
  'ls )',
  '{ ls }',
  'if ls',
  'for f in',
  'case x in',
  'fi',
  'ls &&',
  'ls | | wc',
  '&& ls',
  'ls ;; ls',
  'ls & & ls',
  '[[ x',
  '((',
  'ls | ! wc',
])('what bash refuses is an error: %j', (text) => {
  expect(commandsIn(text)).toContain('!');
});

test('words come without their quotes, redirections with their operators', () => {
  const [statement] = parse('a\\b "c d"\'e\' $\'\\x41\' 2>>"f g" <&3').commands;
  const command = statement?.command;
  if (command?.type !== 'Command') throw new Error('not a command');
  expect(
    [command.name, ...command.args].map((word) => word && 'value' in word && word.value),
  ).toEqual(['ab', 'c de', 'A']);
  expect(
    command.redirects.map((one) => one.type === 'Redirect' && [one.operator, one.target?.value]),
  ).toEqual([
    ['>>', 'f g'],
    ['<&', '3'],
  ]);
});
