import type { Op } from '../../app/define-op.ts';
import { fieldsOf } from '../../app/op-fields.ts';
import { loadAllOperations } from '../../app/operations.ts';
import { GROUPS, usageLine } from './help.ts';

/** docs/REFERENCE.md, made from the operations themselves (`npm run docs`). */
export async function referencePage(): Promise<string> {
  const ops = await loadAllOperations();
  const { toJSONSchema } = await import('zod/mini');
  const sections = GROUPS.flatMap(([title, names]) => [
    `## ${title}`,
    '',
    ...names.flatMap((name) => {
      const op = ops.find((one) => one.name === name);
      return op === undefined
        ? []
        : section(
            op,
            JSON.stringify(
              toJSONSchema(op.output(), { io: 'output', unrepresentable: 'any' }),
              null,
              2,
            ),
          );
    }),
  ]);
  return [
    '# Reference',
    '',
    'Made from the operations by `npm run docs`; do not edit. The shapes under *JSON* are what `--json` prints; they only ever grow.',
    '',
    ...sections,
  ].join('\n');
}

function section(op: Op, schema: string): string[] {
  const fields = fieldsOf(op);
  return [
    `### proof ${op.name}`,
    '',
    `${capital(op.summary)}.${op.details === undefined ? '' : ` ${op.details}`}`,
    '',
    '```sh',
    ...op.examples.map(({ type, does }) => `${type}  # ${does}`),
    '```',
    '',
    `Usage: \`${usageLine(op)}\` — effect: ${op.effect}`,
    '',
    ...(fields.length === 0
      ? []
      : [
          '| input | kind | meaning |',
          '|---|---|---|',
          ...fields.map(
            (field) =>
              `| \`${field.flag}\`${field.short === null ? '' : ` \`-${field.short}\``} | ${field.kind === 'choice' ? field.choices.join(' \\| ') : field.kind}${field.required ? ', needed' : ''} | ${field.description} |`,
          ),
          '',
        ]),
    '<details><summary>JSON</summary>',
    '',
    '```json',
    schema,
    '```',
    '',
    '</details>',
    '',
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
