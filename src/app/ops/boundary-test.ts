import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { Decide } from '../../features/boundaries/decide-port.ts';
import { policyError } from '../../features/boundaries/policy-error.ts';
import { policyOfNoFile, readPolicy } from '../../features/boundaries/policy-file.ts';
import type { Decision } from '../../judge/boundary/decision.ts';
import type { Policy } from '../../judge/boundary/policy.ts';
import { toVerdictJson, type VerdictJson, verdictJson, verdictText } from '../boundary-verdict.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';

export default defineOp({
  name: 'boundary test',
  summary: 'what the boundary says about a command, part by part; nothing is run',
  details:
    'Judged as for an agent: what no rule names is asked. With - each line of standard input is a command as a JSON string, and for each one a line of JSON is printed, in the same order. The exit code is 0 whatever the verdict is. Globs begin at the root of the workspace, relative paths in the command at the current directory.',
  effect: 'read',
  input: z.object({
    command: z
      .string()
      .check(z.describe('as you would type it, in quotes; - reads JSON strings, one a line')),
    policy: z
      .optional(z.string())
      .check(z.describe('judge by this file instead of the policy that holds here')),
  }),
  output: verdictJson,
  examples: [
    { type: 'proof boundary test "npm test && git push"', does: 'each part with its rule' },
    { type: 'proof boundary test --policy draft.yaml "ls"', does: 'by another file' },
    {
      type: 'proof boundary test - < commands.jsonl',
      does: 'many: a JSON string a line in, a verdict a line out',
    },
  ],
  cli: {
    positionals: ['command'],
    print: (verdict, paint, { command }) =>
      command === '-'
        ? JSON.stringify(verdict)
        : verdictText(DECISIONS.get(verdict) ?? verdict, paint),
  },
  async run(context, { command, policy: named }) {
    const { decideHere } = await import('../context-boundary.ts');
    const decide = decideHere(context);
    const policy = await policyFor(context, named, decide);
    const judge = (text: string) => decide.text(text, policy, 'agent');
    if (command === '-') {
      return verdicts(linesOf(context.inputBytes()), (text) => toVerdictJson(judge(text)));
    }
    const decision = judge(command);
    const verdict = toVerdictJson(decision);
    DECISIONS.set(verdict, withLines(decision));
    return verdict;
  },
});

/** What the text shows beside: the JSON has its keys and no others, so lines do not stand in it. */
const DECISIONS = new WeakMap<VerdictJson, Parameters<typeof verdictText>[0]>();

function withLines({ verdict, parts }: Decision): Parameters<typeof verdictText>[0] {
  const shown = parts.map(({ rule, ...part }) => ({
    ...part,
    rule: rule?.text ?? null,
    line: rule?.line ?? null,
  }));
  return { verdict, parts: shown };
}

async function policyFor(
  context: Context,
  named: string | undefined,
  decide: Decide,
): Promise<Policy> {
  if (named !== undefined) {
    const path = resolve(context.cwd, named);
    const file = await readPolicy(path, decide);
    if (file !== null) return file.policy;
    throw policyError('policy.not-found', `There is no ${path}`, 'it is not there', 'ls -l');
  }
  const { boundaryHere } = await import('../context-boundary.ts');
  const { policy, file } = await boundaryHere(context, taskHere(context));
  if (file === null) context.say('there is no proof.yaml here: proof boundary init writes one');
  return file === null ? policyOfNoFile() : policy;
}

/** A policy can be tried where no ledger is, and so no task. */
function taskHere(context: Context) {
  try {
    return context.task();
  } catch {
    return null;
  }
}

/** Lines as they come. Not node:readline: it ends lines at U+2028 too, and JSON may hold one. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of input) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** One verdict for each line, whatever is in it: the lines of the answer must fit the question. */
async function* verdicts(
  lines: AsyncIterable<string>,
  judge: (text: string) => VerdictJson,
): AsyncGenerator<VerdictJson> {
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const command = jsonText(line);
    yield command === null ? unread(number) : judge(command);
  }
}

function jsonText(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function unread(number: number): VerdictJson {
  const why = `line ${number} of the input is no JSON string: write "ls -la", with its quotes`;
  return { verdict: 'ask', parts: [{ text: '', verdict: 'ask', rule: null, why }] };
}
