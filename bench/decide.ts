/** Microseconds a decision takes on the open half of the corpus, against parsing the text alone. */

import { parse } from 'unbash';
import { decideCommand } from '../src/judge/boundary/decide.ts';
import { corpusCases, corpusPlace, corpusPolicy } from '../test/boundaries/world.ts';
import { digits, figure, printMachine, printTable, sideBySide } from './measure.ts';

printMachine('decide');
const policy = corpusPolicy();
const place = corpusPlace();
const commands = corpusCases('open').map(({ command }) => command);
const everyday = ['git status', 'npm test', 'git diff --stat HEAD~1', 'ls -la src | head -20'];
const heredoc = `cat > src/a.ts <<'EOF'\n${'const x = `a $b`; // a line of code\n'.repeat(200)}EOF`;

const inputs: Record<string, readonly string[]> = {
  'the open half of the corpus': commands,
  'everyday commands': everyday,
  'a file of 7 KB in a here-document': [heredoc],
};

const rows: (string | number)[][] = [];
const taken = new Map<string, number>();
for (const [name, texts] of Object.entries(inputs)) {
  const times = Math.ceil(2000 / texts.length);
  const { parsing, deciding } = await sideBySide(
    {
      parsing: () => repeated(times, texts, (text) => parse(text).commands.length),
      deciding: () =>
        repeated(times, texts, (text) => decideCommand(policy, text, place).parts.length),
    },
    { rounds: 7, seconds: 8 },
  );
  const each = (ms: number) => (ms * 1000) / (times * texts.length);
  taken.set(name, each(deciding.cpu));
  rows.push([
    name,
    texts.length,
    ...[each(parsing.cpu), each(deciding.min), each(deciding.cpu)].map(digits),
  ]);
}
printTable(
  'microseconds a command',
  ['', 'texts', 'parse: cpu', 'decide: min', 'decide: cpu'],
  rows,
);
figure(
  'a decision on the corpus',
  taken.get('the open half of the corpus') ?? 0,
  { atMost: 200 },
  'µs',
);

function repeated(times: number, texts: readonly string[], work: (text: string) => number): void {
  let found = 0;
  for (let n = 0; n < times; n++) for (const text of texts) found += work(text);
  if (found === 0) throw new Error('nothing was judged');
}
