import type { Field } from '../../app/op-fields.ts';

/** A flag as help shows it: `-t, --task TASK`. */
export function flagName(field: Field): string {
  const value =
    field.kind === 'switch'
      ? ''
      : ` ${isShortChoice(field) ? field.choices.join('|') : (VALUES[field.name] ?? 'TEXT')}`;
  // What is on unless it is switched off is shown by the way to do so.
  const flag = field.fallback === true ? field.flag.replace('--', '--no-') : field.flag;
  return `${field.short === null ? '' : `-${field.short}, `}${flag}${value}`;
}

/** Whether all that may be chosen fits behind the flag; else it stands in what the flag means. */
function isShortChoice({ kind, choices }: Field): boolean {
  return kind === 'choice' && choices.join('|').length <= 40;
}

/** What stands for a flag's value in help. */
const VALUES: Readonly<Record<string, string>> = {
  cast: 'FILE',
  for: 'TIME',
  checkpoint: 'FILE',
  cwd: 'DIR',
  because: 'WHY',
  blob: 'NAME',
  data: 'DATA',
  expectStatus: 'STATUS',
  entry: 'ENTRY',
  entryFile: 'FILE',
  format: 'FORMAT',
  header: 'HEADER',
  key: 'KEY',
  kind: 'KIND',
  limit: 'N',
  lines: 'N',
  maxRedirects: 'N',
  name: 'NAME',
  on: 'ENTRY',
  largerThan: 'SIZE',
  olderThan: 'TIME',
  policy: 'FILE',
  output: 'NAME',
  remote: 'NAME',
  scope: 'GLOB',
  task: 'TASK',
  timeout: 'TIME',
  type: 'TYPE',
  viewport: 'SIZE',
  wait: 'WHAT',
};

/** What it means, with its choices and its default where they say something. */
export function flagDescription(field: Field): string {
  const { kind, choices, fallback } = field;
  const description =
    kind === 'choice' && !isShortChoice(field)
      ? `${field.description}: ${choices.join(', ')}`
      : field.description;
  const shown =
    fallback === undefined ||
    fallback === false ||
    fallback === true ||
    fallback === 0 ||
    (Array.isArray(fallback) && fallback.length === 0);
  return shown ? description : `${description} (default ${String(fallback)})`;
}
