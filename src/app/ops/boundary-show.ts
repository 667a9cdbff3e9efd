import * as z from 'zod/mini';
import { visibleLine } from '../../core/visible-text.ts';
import { type BoundaryJson, boundaryJson, toBoundaryJson } from '../boundary-json.ts';
import { defineOp } from '../define-op.ts';
import { type Paint, wrap } from '../paint.ts';

export default defineOp({
  name: 'boundary show',
  summary: 'the boundary that holds here: every rule, and where it is written',
  effect: 'read',
  input: z.object({
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: boundaryJson,
  examples: [
    { type: 'proof boundary show', does: 'for the task chosen here' },
    { type: 'proof boundary show --json', does: 'with the digest that decisions name' },
  ],
  cli: {
    positionals: ['task'],
    short: { task: 't' },
    print: (boundary, paint) => boundaryText(boundary, paint),
  },
  async run(context, { task: named }) {
    const { boundaryHere } = await import('../context-boundary.ts');
    const { ledgerExists } = await import('../../ledger/store/database.ts');
    const task =
      named === undefined && !ledgerExists(context.places.ledgerDir) ? null : context.task(named);
    return toBoundaryJson(context, await boundaryHere(context, task));
  },
});

const MODES: Readonly<Record<BoundaryJson['mode'], string>> = {
  observe: 'observing: it decides and records, and stops nothing',
  ask: 'asking: what is asked or denied does not run by itself',
  enforce: 'enforcing: and the sandbox holds as well',
};

function boundaryText(boundary: BoundaryJson, paint: Paint): string {
  const { file, mode, task, narrowings, scope, commands, network, models, remarks } = boundary;
  const head = [
    paint.bold(file === null ? 'no proof.yaml here' : visibleLine(file)),
    label('mode', MODES[mode], paint),
    label('digest', paint.dim(boundary.digest), paint),
    ...narrowings.map(({ entry, scope: globs, network: hosts }) => {
      const parts = [
        ...(globs === null ? [] : [`scope ${globs.join(', ') || 'nothing'}`]),
        ...(hosts === 'denied' ? ['no network'] : []),
      ];
      return label(
        task ?? '',
        `narrowed by ${entry}: ${parts.map(visibleLine).join(' · ')}`,
        paint,
      );
    }),
  ];
  const { human, agent } = commands.default;
  const sections = [
    section('files', paint, [
      list('write', scope.write, paint),
      list('generated', scope.generated, paint),
      list('ask', scope.ask, paint),
      list(
        'deny',
        scope.deny.map((one) => ({ ...one, note: one.all ? 'for all programs' : undefined })),
        paint,
      ),
    ]),
    section('commands', paint, [
      list('deny', commands.deny, paint),
      list('ask', commands.ask, paint),
      list('allow', commands.allow, paint),
      [label('else', `${human} for a person, ${agent} for an agent`, paint)],
    ]),
    section('network', paint, [
      list('allow', network.allow, paint),
      [label('else', network.default, paint)],
    ]),
    ...(models.allow.length === 0
      ? []
      : [section('models', paint, [list('allow', models.allow, paint)])]),
  ];
  const noted = remarks.map(
    ({ line, text }) => `${paint.warn('!')} line ${line}: ${visibleLine(text)}`,
  );
  const next =
    file === null ? paint.dim('  next: proof boundary init writes a proof.yaml to change') : '';
  return [...head, ...sections.flat(), ...(noted.length > 0 ? ['', ...noted] : []), next]
    .join('\n')
    .trimEnd();
}

function section(title: string, paint: Paint, lists: readonly string[][]): string[] {
  return ['', paint.bold(title), ...lists.flat()];
}

function list(
  name: string,
  rules: readonly { text: string; line: number | null; note?: string | undefined }[],
  paint: Paint,
): string[] {
  return rules.map(({ text, line, note }, index) => {
    const where = line === null ? 'by default' : `line ${line}`;
    const beside = paint.dim(`  ${where}${note === undefined ? '' : `, ${note}`}`);
    return `  ${(index === 0 ? name : '').padEnd(10)} ${visibleLine(text).padEnd(28)}${beside}`;
  });
}

function label(name: string, text: string, paint: Paint): string {
  return `  ${name.padEnd(10)} ${wrap(text, paint.columns, ' '.repeat(13))}`;
}
