import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { EXIT } from '../../core/errors.ts';
import { plural } from '../../core/human-units.ts';
import { visible } from '../../core/visible-text.ts';
import { policyDigest } from '../../features/boundaries/policy-digest.ts';
import { policyError } from '../../features/boundaries/policy-error.ts';
import {
  policyOrProblems,
  policyPath,
  readPolicyText,
} from '../../features/boundaries/policy-file.ts';
import { defineOp } from '../define-op.ts';
import { wrap } from '../paint.ts';

export default defineOp({
  name: 'boundary check',
  summary: 'does proof.yaml hold: keys, rules, examples; exit 2 if not',
  effect: 'read',
  input: z.object({
    file: z.optional(z.string()).check(z.describe('without it proof.yaml of this workspace')),
  }),
  output: () =>
    z.object({
      ok: z.boolean(),
      file: z.string(),
      digest: z.nullable(z.string()).check(z.describe('of the policy, as decisions name it')),
      rules: z.int(),
      examples: z.int().check(z.describe('tried, and as they should be')),
      problems: z.array(
        z.object({
          code: z.string(),
          line: z.int(),
          column: z.int(),
          message: z.string(),
          why: z.string(),
          remedy: z.string(),
        }),
      ),
      remarks: z
        .array(z.object({ line: z.int(), column: z.int(), text: z.string() }))
        .check(z.describe('what holds, and may surprise')),
    }),
  examples: [
    { type: 'proof boundary check', does: 'proof.yaml of this workspace' },
    { type: 'proof boundary check draft.yaml --json', does: 'another file, for a script' },
  ],
  cli: {
    positionals: ['file'],
    exit: ({ ok }) => (ok ? EXIT.done : EXIT.usage),
    print({ ok, file, digest, rules, examples, problems, remarks }, paint) {
      const place = ({ line, column }: { line: number; column: number }) =>
        `${visible(file)}:${line}:${column}`;
      const noted = remarks.map(
        (one) =>
          `${paint.warn('!')} ${place(one)}: ${wrap(visible(one.text), paint.columns, '  ')}`,
      );
      if (ok) {
        const sum = `${plural(rules, 'rule')}, ${plural(examples, 'example')} tried`;
        const head = `${paint.good('✓')} ${visible(file)} holds: ${sum}`;
        return [head, paint.dim(`  digest ${digest}`), ...noted].join('\n');
      }
      return problems
        .map((one) =>
          [
            `${paint.bad('✗')} ${place(one)}: ${wrap(visible(one.message), paint.columns, '  ')}`,
            `  why:  ${wrap(visible(one.why), paint.columns, ' '.repeat(8))}`,
            `  type: ${paint.bold(wrap(visible(one.remedy), paint.columns, ' '.repeat(8)))}`,
          ].join('\n'),
        )
        .join('\n');
    },
  },
  async run(context, { file: named }) {
    const { decideHere } = await import('../context-boundary.ts');
    const { root } = context.places;
    const path = named === undefined ? policyPath(root) : resolve(context.cwd, named);
    const file = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
    const text = readPolicyText(path);
    if (text === null) {
      const remedy = named === undefined ? 'proof boundary init' : 'ls -l, and name another';
      throw policyError('policy.not-found', `There is no ${file}`, 'it is not there', remedy);
    }
    const found = await policyOrProblems(text, decideHere(context));
    if (Array.isArray(found)) {
      const problems = [...found];
      return { ok: false, file, digest: null, rules: 0, examples: 0, problems, remarks: [] };
    }
    const { policy, remarks } = found;
    const { scope, commands, network, models } = policy;
    const lists = [
      ...[scope.write, scope.generated, scope.ask, scope.deny],
      ...[commands.allow, commands.ask, commands.deny, network.allow, models.allow],
    ];
    const { allow, ask, deny } = commands.examples;
    return {
      ok: true,
      file,
      digest: policyDigest(policy),
      rules: lists.flat().filter(({ line }) => line !== null).length,
      examples: allow.length + ask.length + deny.length,
      problems: [],
      remarks: [...remarks],
    };
  },
});
