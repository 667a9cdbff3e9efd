import * as z from 'zod/mini';
import { plural } from '../../core/human-units.ts';
import { entryName, type Seq, taskName } from '../../core/names.ts';
import { cut, visible, visibleLine } from '../../core/visible-text.ts';
import { addRules } from '../../features/boundaries/edit-policy.ts';
import { checkedPolicy, POLICY_FILE } from '../../features/boundaries/policy-file.ts';
import { additionsOf, type Seen, suggestRules } from '../../features/boundaries/suggest.ts';
import { changesBetween } from '../../features/workspace/change-files.ts';
import type { Context } from '../context.ts';
import { homeOf } from '../context-places.ts';
import { defineOp } from '../define-op.ts';
import type { Paint } from '../paint.ts';
import { policyDiff, recordWritten, writePolicy } from '../policy-write.ts';

export default defineOp({
  name: 'boundary suggest',
  summary: 'draft rules from what a task really did, with what each would have covered',
  details:
    'Looks at the commands and changes of the task that no rule names yet, and prints a diff of proof.yaml. What deletes, fetches or runs any text gets no rule: it stays to be asked. Nothing is written without --write, and then only for a human: it widens what is permitted.',
  effect: 'widen',
  effectOf: ({ write }) => (write ? 'widen' : 'read'),
  input: z.object({
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
    write: z._default(z.boolean(), false).check(z.describe('add the rules to proof.yaml')),
  }),
  output: () =>
    z.object({
      task: z.string(),
      rules: z.array(
        z.object({
          list: z.string(),
          text: z.string(),
          covers: z.array(z.object({ entry: z.string(), text: z.string() })),
        }),
      ),
      left: z
        .array(z.object({ entry: z.string(), text: z.string(), why: z.string() }))
        .check(z.describe('what was seen and gets no rule')),
      diff: z.string().check(z.describe('of proof.yaml; empty where nothing is proposed')),
      written: z.nullable(z.string()).check(z.describe('the file, if --write wrote it')),
    }),
  examples: [
    { type: 'proof boundary suggest T1', does: 'rules for what T1 did, as a diff' },
    { type: 'proof boundary suggest T1 --write', does: 'and puts them into proof.yaml' },
  ],
  cli: {
    positionals: ['task'],
    short: { task: 't' },
    print: (found, paint) => suggestionText(found, paint),
  },
  async run(context, { task: named, write }) {
    const { boundaryHere, decideHere } = await import('../context-boundary.ts');
    const task = context.requireTask(named);
    const decide = decideHere(context);
    // Of the workspace's policy: what a task gave up is no gap in it.
    const { policy, file } = await boundaryHere(context, null);
    const places = { root: context.places.root, home: homeOf(context.env) };
    const { rules, left } = suggestRules(seenOf(context, task), policy, decide, places);
    const before = file?.text ?? null;
    const after = rules.length === 0 ? before : await addRules(before ?? '', additionsOf(rules));
    const diff = after === null ? '' : await policyDiff(before, after);
    let written: string | null = null;
    if (write && after !== null && after !== before) {
      const checked = await checkedPolicy(POLICY_FILE, after, decide);
      written = writePolicy(context, after, before);
      await recordWritten(context, checked.policy, task);
    }
    return {
      task: taskName(context.reader().taskRank(task)),
      rules: rules.map(({ list, text, covers }) => ({
        list,
        text,
        covers: covers.map(({ seq, text: one }) => ({ entry: entryName(seq), text: one })),
      })),
      left: left.map(({ seq, text, why }) => ({ entry: entryName(seq), text, why })),
      diff,
      written,
    };
  },
});

function seenOf(context: Context, task: Seq): Seen {
  const reader = context.reader();
  const { root } = context.places;
  const commands: { seq: Seq; argv: readonly string[] }[] = [];
  for (const { seq, entry } of reader.taskEntries(task)) {
    if (entry?.kind === 'command' && entry.body.argv !== null) {
      commands.push({ seq, argv: entry.body.argv });
    }
  }
  const changes = changesBetween(reader, task, reader.size(), { task, root }).flatMap(
    ({ seq, files }) => files.map(({ path }) => ({ seq, path: `${root}/${path}` })),
  );
  return { commands, changes };
}

const SHOWN = 4;

function suggestionText(
  found: {
    task: string;
    rules: readonly {
      list: string;
      text: string;
      covers: readonly { entry: string; text: string }[];
    }[];
    left: readonly { entry: string; text: string; why: string }[];
    diff: string;
    written: string | null;
  },
  paint: Paint,
): string {
  const width = paint.columns === null ? null : paint.columns - 12;
  const lines = found.rules.flatMap(({ list, text, covers }) => [
    `${paint.good('+')} ${list}: ${paint.bold(visibleLine(text))}`,
    ...covers
      .slice(0, SHOWN)
      .map((one) => paint.dim(`    ${one.entry.padEnd(6)} ${cut(visibleLine(one.text), width)}`)),
    ...(covers.length > SHOWN ? [paint.dim(`    and ${covers.length - SHOWN} more`)] : []),
  ]);
  const left = found.left.flatMap(({ entry, text, why }) => [
    `  ${entry.padEnd(6)} ${cut(visibleLine(text), width)}`,
    paint.dim(`         ${visibleLine(why)}`),
  ]);
  return [
    ...(found.rules.length === 0
      ? [paint.dim(`no rule is missing for what ${found.task} did`)]
      : [`${plural(found.rules.length, 'rule')} for what ${found.task} did`, '', ...lines]),
    ...(left.length === 0 ? [] : ['', paint.bold('left to be asked or denied'), ...left]),
    ...(found.diff === '' || found.written !== null ? [] : ['', diffText(found.diff, paint)]),
    ...(found.written === null
      ? found.diff === ''
        ? []
        : [paint.dim(`  next: proof boundary suggest ${found.task} --write`)]
      : ['', `${paint.good('✓')} written to ${found.written}`]),
  ].join('\n');
}

function diffText(diff: string, paint: Paint): string {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      const shown = visible(line);
      if (/^(---|\+\+\+) /.test(line)) return paint.bold(shown);
      if (line.startsWith('+')) return paint.good(shown);
      return line.startsWith('-') ? paint.bad(shown) : shown;
    })
    .join('\n');
}
