import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { visibleLine } from '../../core/visible-text.ts';
import type { Decision } from '../../judge/boundary/decision.ts';
import { type Standing, standingOf } from '../../judge/boundary/scope.ts';
import { answerTo } from '../../judge/boundary/verdict-table.ts';
import { verdictText } from '../boundary-verdict.ts';
import { homeOf } from '../context-places.ts';
import { defineOp } from '../define-op.ts';

const part = () =>
  z.object({
    text: z.string(),
    verdict: z.enum(['allow', 'ask', 'deny']),
    rule: z.nullable(z.string()),
    line: z.nullable(z.int()).check(z.describe('of the rule in the file')),
    why: z.string(),
  });

export default defineOp({
  name: 'boundary explain',
  summary: 'why a command or a path is allowed, asked or denied: rule, line, reason',
  details:
    'What holds a blank or names no file is a command; --path and --command say it where that is not clear. The policy is the one that holds here, with what the task gave up.',
  effect: 'read',
  input: z.object({
    what: z.string().check(z.minLength(1)).check(z.describe('a command in quotes, or a path')),
    path: z._default(z.boolean(), false).check(z.describe('it is a path')),
    command: z._default(z.boolean(), false).check(z.describe('it is a command')),
    as: z
      ._default(z.enum(['agent', 'human']), 'agent')
      .check(z.describe('who wants to: they differ where no rule matches')),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: () =>
    z.object({
      what: z.string(),
      kind: z.enum(['command', 'path']),
      file: z.nullable(z.string()),
      digest: z.string(),
      mode: z.enum(['observe', 'ask', 'enforce']),
      standing: z
        .nullable(z.enum(['in', 'generated', 'ask', 'out', 'denied']))
        .check(z.describe('of a path: how a change of it is told')),
      judged: z
        .array(
          z.object({
            action: z.enum(['command', 'read', 'write']),
            verdict: z.enum(['allow', 'ask', 'deny']),
            parts: z.array(part()),
          }),
        )
        .check(z.describe('a command, or reading and writing a path')),
      now: z.string().check(z.describe('what would come of it, as the mode is')),
    }),
  examples: [
    { type: 'proof boundary explain "git push --force"', does: 'which rule, in which line' },
    { type: 'proof boundary explain .env', does: 'reading it, and writing it' },
  ],
  cli: {
    positionals: ['what'],
    short: { task: 't' },
    print: ({ what, kind, judged, standing, file, now }, paint) =>
      [
        paint.bold(visibleLine(what)),
        ...judged.map(({ action, ...decision }) =>
          kind === 'command'
            ? verdictText(decision, paint)
            : `${action.padEnd(6)} ${verdictText(decision, paint)}`,
        ),
        ...(standing === null
          ? []
          : [paint.dim(`a change of it is told as: ${STANDINGS[standing]}`)]),
        paint.dim(`${now}${file === null ? '; there is no proof.yaml here' : ''}`),
      ].join('\n'),
  },
  async run(context, { what, path, command, as, task: named }) {
    const { boundaryHere, decideHere } = await import('../context-boundary.ts');
    const { ledgerExists } = await import('../../ledger/store/database.ts');
    const { lstatSync } = await import('node:fs');
    const task =
      named === undefined && !ledgerExists(context.places.ledgerDir) ? null : context.task(named);
    const { policy, digest, file } = await boundaryHere(context, task);
    const decide = decideHere(context);
    const there = lstatSync(resolve(context.cwd, what), { throwIfNoEntry: false }) !== undefined;
    const isPath = path || (!command && !/\s/.test(what) && (there || /[/.~]/.test(what)));
    const place = { root: context.places.root, home: homeOf(context.env) };
    const judged = isPath
      ? [
          { action: 'read' as const, ...shown(decide.path(what, 'read', policy)) },
          { action: 'write' as const, ...shown(decide.path(what, 'write', policy)) },
        ]
      : [{ action: 'command' as const, ...shown(decide.text(what, policy, as)) }];
    const strictest = judged.some(({ verdict }) => verdict === 'deny')
      ? 'deny'
      : judged.some(({ verdict }) => verdict === 'ask')
        ? 'ask'
        : 'allow';
    return {
      what,
      kind: isPath ? ('path' as const) : ('command' as const),
      file: file?.path ?? null,
      digest,
      mode: policy.mode,
      standing: isPath
        ? standingOf(policy, absolute(what, context.cwd, place.home), place).standing
        : null,
      judged,
      now: nowOf(policy.mode, strictest),
    };
  },
});

const STANDINGS: Readonly<Record<Standing, string>> = {
  in: 'in scope',
  generated: 'generated, never a violation',
  ask: 'to be asked for',
  out: 'out of scope',
  denied: 'denied',
};

function absolute(path: string, cwd: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? home + path.slice(1) : resolve(cwd, path);
}

function shown({ verdict, parts }: Decision) {
  return {
    verdict,
    parts: parts.map(({ text, verdict: own, rule, why }) => ({
      text,
      verdict: own,
      rule: rule?.text ?? null,
      line: rule?.line ?? null,
      why,
    })),
  };
}

function nowOf(mode: 'observe' | 'ask' | 'enforce', verdict: 'allow' | 'ask' | 'deny'): string {
  if (verdict === 'allow') return `mode ${mode}: it goes on`;
  if (mode === 'observe') return 'mode observe: it goes on all the same, and is recorded';
  const attended = answerTo('proof run', true, mode, verdict).by;
  const headless = answerTo('proof run', false, mode, verdict).by;
  return attended === headless
    ? `mode ${mode}: proof run refuses, ${attended}`
    : `mode ${mode}: proof run: ${attended}; without a terminal: ${headless}`;
}
