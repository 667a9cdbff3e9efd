import type { Op } from '../../app/define-op.ts';
import { fieldsOf } from '../../app/op-fields.ts';
import { isOperation, loadAllOperations, loadOperation } from '../../app/operations.ts';
import { type Paint, wrap } from '../../app/paint.ts';
import { nearest } from '../../core/nearest.ts';
import { GLOBAL_FLAGS, usageError } from './command-line.ts';
import { flagDescription, flagName } from './flag-help.ts';

/** Help for everything, for a noun, or for one command: examples first. */
export async function helpText(words: readonly string[], paint: Paint): Promise<string> {
  if (words.length === 0 || words[0] === 'help') return overview(await loadAllOperations(), paint);
  if (words[0] === 'completions') return completionsHelp(paint);
  const name = words.slice(0, 2).join(' ');
  if (isOperation(name)) return commandHelp(await loadOperation(name), paint);
  if (words.length === 1 || isOperation(words[0] as string)) {
    const noun = words[0] as string;
    if (isOperation(noun)) return commandHelp(await loadOperation(noun), paint);
    const ops = (await loadAllOperations()).filter((op) => op.name.startsWith(`${noun} `));
    if (ops.length > 0)
      return [
        paint.bold(`proof ${noun} …`),
        ...list(ops, paint),
        '',
        paint.dim(`proof ${ops[0]?.name} --help has examples and flags, and so has each.`),
      ].join('\n');
  }
  const names = (await loadAllOperations()).map((op) => op.name);
  throw usageError(
    'usage.unknown-command',
    `there is no help for "${name}"`,
    'no command has that name',
    `proof help ${nearest(name, names) ?? ''}`.trim(),
  );
}

/** What somebody sees who types `proof` where no ledger is. */
export function welcome(paint: Paint): string {
  return [
    `${paint.bold('proof')} — what was really done, beside what was said about it.`,
    '',
    'There is no ledger here yet. Three commands make the first proof:',
    '',
    `  ${paint.bold('proof init')}                        ${paint.dim('a ledger for this workspace')}`,
    `  ${paint.bold('proof task start "Fix the login"')}  ${paint.dim('what you are about to do')}`,
    `  ${paint.bold('proof run -- npm test')}             ${paint.dim('runs it, records it, keeps its exit code')}`,
    '',
    `Then ${paint.bold('proof log')}, ${paint.bold('proof show E3')}, ${paint.bold('proof verify')}. All commands: ${paint.bold('proof help')}`,
  ].join('\n');
}

function overview(ops: readonly Op[], paint: Paint): string {
  return [
    `${paint.bold('proof')} — the proof layer for developer work`,
    '',
    paint.bold('examples'),
    '  proof init                          once in every repository',
    '  proof task start "Fix the login"    what you record from now on belongs to it',
    '  proof run -- npm test               recorded; exits as npm test does',
    '  proof log                           what happened, in order',
    '  proof verify                        is the record whole? exit 3 if it is not',
    '',
    ...GROUPS.flatMap(([title, names]) => [
      paint.bold(title),
      ...list(
        ops.filter((op) => names.includes(op.name)),
        paint,
      ),
      '',
    ]),
    paint.bold('also'),
    ...columns(
      [
        ['completions bash|zsh|fish', 'a completion script for your shell'],
        ['help COMMAND', 'examples and flags of a command'],
      ],
      paint,
    ),
    '',
    ...flagLines(paint),
    '',
    paint.dim(
      wrap(
        'E41 names an entry, T3 a task, anywhere. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 verification failed, 4 denied, 5 waiting for a human; proof run passes the command’s own.',
        widthOf(paint),
        '',
      ),
    ),
  ].join('\n');
}

/** Commands in the order in which they are met. */
export const GROUPS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['work', ['init', 'run', 'shell', 'tests', 'attach', 'shot', 'http', 'note', 'decide', 'undo']],
  ['look', ['status', 'log', 'show', 'diff', 'search']],
  ['tasks', ['task start', 'task list', 'task show', 'task plan', 'task use', 'task close']],
  ['access logs', ['traffic analyze', 'traffic lines', 'traffic respond', 'traffic watch']],
  [
    'boundary',
    [
      ...['boundary init', 'boundary show', 'boundary explain', 'boundary test'],
      ...['boundary check', 'boundary suggest', 'boundary import'],
    ],
  ],
  [
    'proof',
    [
      'verify',
      'anchor',
      'ledger key',
      'ledger checkpoint',
      'ledger proof',
      'ledger tiles',
      'ledger accept',
    ],
  ],
  ['upkeep', ['redact', 'prune', 'doctor', 'rebuild']],
];

function list(ops: readonly Op[], paint: Paint): string[] {
  return columns(
    ops.map(({ name, summary }) => [name, summary]),
    paint,
  );
}

/** Names and what they mean; a meaning that does not fit beside its name goes on below itself. */
function columns(rows: readonly (readonly [string, string])[], paint: Paint): string[] {
  const names = rows.map(([name]) => name.length);
  const width = Math.max(0, ...names.filter((length) => length <= WIDEST_NAME));
  const indent = ' '.repeat(width + 4);
  return rows.map(([name, meaning]) => {
    const text = paint.dim(wrap(meaning, widthOf(paint), indent));
    return name.length <= width
      ? `  ${name.padEnd(width)}  ${text}`
      : `  ${name}\n${indent}${text}`;
  });
}

const WIDEST_NAME = 26;

/** Help is prose: it is set to a readable width, also where there is no terminal. */
function widthOf({ columns }: Paint): number {
  return Math.min(columns ?? 80, 100);
}

/** What an example does stands behind it as a comment, or above it where that would be too wide. */
function exampleLines({ examples }: Pick<Op, 'examples'>, paint: Paint): string[] {
  const width = Math.max(...examples.map(({ type }) => type.length));
  const beside = examples.every(({ does }) => 2 + width + 4 + does.length <= widthOf(paint));
  return examples.flatMap(({ type, does }) => {
    const comment = paint.dim(`# ${does}`);
    return beside ? [`  ${type.padEnd(width)}  ${comment}`] : [`  ${comment}`, `  ${type}`];
  });
}

function completionsHelp(paint: Paint): string {
  const examples = [
    { type: 'proof completions bash >> ~/.bashrc', does: 'bash' },
    { type: 'echo "source <(proof completions zsh)" >> ~/.zshrc', does: 'zsh, after compinit' },
    { type: 'proof completions fish > ~/.config/fish/completions/proof.fish', does: 'fish' },
  ];
  return [
    `${paint.bold('proof completions')} — a completion script for your shell`,
    '',
    ...exampleLines({ examples }, paint),
    '',
    `${paint.bold('usage')}  proof completions bash|zsh|fish`,
    '',
    wrap(
      'It completes commands, flags, and the tasks and entries of the ledger.',
      widthOf(paint),
      '',
    ),
  ].join('\n');
}

function commandHelp(op: Op, paint: Paint): string {
  const fields = fieldsOf(op);
  const positionals = (op.cli?.positionals ?? []) as readonly string[];
  const placed = [...positionals, ...(op.cli?.rest === undefined ? [] : [op.cli.rest as string])];
  const flags = fields.filter(
    ({ name }) =>
      name !== op.cli?.rest &&
      !(positionals.includes(name) && fields.find((f) => f.name === name)?.required),
  );
  return [
    `${paint.bold(`proof ${op.name}`)} — ${wrap(op.summary, widthOf(paint), ' '.repeat(op.name.length + 9))}`,
    '',
    ...exampleLines(op, paint),
    '',
    `${paint.bold('usage')}  ${usageLine(op)}`,
    ...(op.details === undefined ? [] : ['', wrap(op.details, widthOf(paint), '')]),
    ...(placed.length > 0
      ? [
          '',
          paint.bold('arguments'),
          ...columns(
            fields
              .filter(({ name }) => placed.includes(name))
              .map(({ name, description }) => [name.toUpperCase(), description]),
            paint,
          ),
        ]
      : []),
    ...(flags.length > 0
      ? [
          '',
          paint.bold('flags'),
          ...columns(
            flags.map((field) => [
              flagName(field),
              positionals.includes(field.name)
                ? `the same as ${field.name.toUpperCase()}`
                : flagDescription(field),
            ]),
            paint,
          ),
        ]
      : []),
    '',
    ...flagLines(paint),
  ].join('\n');
}

/** `proof show ENTRY [--raw]`, from the schema. */
export function usageLine(op: Op): string {
  const fields = fieldsOf(op);
  const words = ((op.cli?.positionals ?? []) as readonly string[]).map((name) => {
    const field = fields.find((one) => one.name === name);
    const word = `${name.toUpperCase()}${field?.kind === 'list' ? '…' : ''}`;
    return field?.required ? word : `[${word}]`;
  });
  const rest = op.cli?.rest === undefined ? [] : [`-- ${(op.cli.rest as string).toUpperCase()}…`];
  return ['proof', op.name, '[flags]', ...words, ...rest].join(' ');
}

function flagLines(paint: Paint): string[] {
  return [
    paint.bold('flags of every command'),
    ...columns(
      GLOBAL_FLAGS.map(([flag, value, does]) => [value === null ? flag : `${flag} ${value}`, does]),
      paint,
    ),
  ];
}
