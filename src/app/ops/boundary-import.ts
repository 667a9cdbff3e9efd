import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { plural } from '../../core/human-units.ts';
import { addRules } from '../../features/boundaries/edit-policy.ts';
import { takeClaudeSettings } from '../../features/boundaries/import/claude-settings.ts';
import {
  importFilesIn,
  jsonOf,
  takeFile,
  usualImportFiles,
} from '../../features/boundaries/import/import-files.ts';
import { importedPolicyText } from '../../features/boundaries/import/imported-policy.ts';
import { ImportedRules } from '../../features/boundaries/import/imported-rules.ts';
import { policyError } from '../../features/boundaries/policy-error.ts';
import {
  checkedPolicy,
  POLICY_FILE,
  policyPath,
  readPolicyText,
} from '../../features/boundaries/policy-file.ts';
import type { Context } from '../context.ts';
import { homeOf } from '../context-places.ts';
import { defineOp } from '../define-op.ts';
import { recordWritten, writePolicy } from '../policy-write.ts';

const remark = () => z.object({ was: z.string(), from: z.string(), why: z.string() });

export default defineOp({
  name: 'boundary import',
  summary: 'turn permissions of Claude Code, Codex or Gemini CLI into a proof.yaml',
  details:
    'Reads settings.json of Claude Code, .rules of Codex and .toml policies of Gemini CLI; without FROM those of this workspace and of your home. The policy is printed; --write makes it proof.yaml, or adds its rules to the one that is here. What cannot be said in proof.yaml is listed at its head and never dropped silently, and nothing becomes looser: an allow rule that a forbidding one might cover asks.',
  effect: 'widen',
  effectOf: ({ write }) => (write ? 'widen' : 'read'),
  input: z.object({
    from: z
      ._default(z.array(z.string().check(z.minLength(1))), [])
      .check(z.describe('files or directories to read')),
    stdin: z
      .optional(z.enum(['claude']))
      .check(z.describe('read Claude Code’s permissions as JSON from standard input')),
    write: z
      ._default(z.boolean(), false)
      .check(z.describe('write proof.yaml, or add the rules to it')),
  }),
  output: () =>
    z.object({
      text: z.string().check(z.describe('the whole proof.yaml')),
      sources: z.array(z.string()),
      rules: z.array(z.object({ list: z.string(), text: z.string(), was: z.string() })),
      left: z.array(remark()).check(z.describe('not carried over')),
      stricter: z.array(remark()).check(z.describe('carried over, stricter than it was')),
      written: z.nullable(z.string()).check(z.describe('the file, if --write wrote it')),
    }),
  examples: [
    { type: 'proof boundary import', does: 'from what is found here and in your home' },
    { type: 'proof boundary import .claude/settings.json > proof.yaml', does: 'from one file' },
    { type: 'proof boundary import --stdin claude < permissions.json', does: 'from a pipe' },
  ],
  cli: {
    positionals: ['from'],
    print: ({ text, written }, paint) =>
      written === null ? text : `${paint.good('✓')} written to ${written}`,
  },
  async run(context, { from, stdin, write }) {
    const { decideHere } = await import('../context-boundary.ts');
    const out = new ImportedRules();
    const sources = await take(context, from, stdin, out);
    const imported = out.finish();
    const text = importedPolicyText(imported, sources);
    await checkedPolicy(POLICY_FILE, text, decideHere(context));
    const left = imported.left.length;
    context.say(
      `${plural(imported.rules.length, 'rule')} carried over, ${imported.stricter.length} stricter than they were, ${left} not: see the head of the file`,
    );
    const written = write ? await put(context, text, imported.rules) : null;
    return {
      text,
      sources,
      rules: [...imported.rules],
      left: [...imported.left],
      stricter: [...imported.stricter],
      written,
    };
  },
});

async function take(
  context: Context,
  from: readonly string[],
  stdin: 'claude' | undefined,
  out: ImportedRules,
): Promise<string[]> {
  const home = homeOf(context.env);
  const { root } = context.places;
  const sources: string[] = [];
  if (stdin !== undefined) {
    const text = await context.textOrInput('-');
    takeClaudeSettings(
      jsonOf(text, 'standard input'),
      { from: 'standard input', anchor: 'project' },
      out,
    );
    sources.push('standard input');
  }
  const files =
    from.length > 0
      ? from.flatMap((path) => importFilesIn(resolve(context.cwd, path)))
      : stdin === undefined
        ? usualImportFiles(root, home)
        : [];
  for (const path of files) {
    await takeFile(path, home, out);
    const short = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
    sources.push(short.startsWith(`${home}/`) ? `~${short.slice(home.length)}` : short);
  }
  if (sources.length > 0) return sources;
  throw policyError(
    'policy.nothing-to-import',
    'There is nothing to import',
    'no settings of Claude Code, rules of Codex or policies of Gemini CLI were found here or in your home',
    'proof boundary import .claude/settings.json, or proof boundary init',
  );
}

/** A new file as a whole; into one that is here its rules, and nothing else. */
async function put(
  context: Context,
  text: string,
  rules: ReturnType<ImportedRules['finish']>['rules'],
): Promise<string> {
  const before = readPolicyText(policyPath(context.places.root));
  const after = before === null ? text : await addRules(before, rules);
  if (after === before) return policyPath(context.places.root);
  const { decideHere } = await import('../context-boundary.ts');
  const checked = await checkedPolicy(POLICY_FILE, after, decideHere(context));
  const written = writePolicy(context, after, before);
  await recordWritten(context, checked.policy, null);
  return written;
}
