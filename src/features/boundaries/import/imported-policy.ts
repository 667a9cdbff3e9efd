import { visibleLine } from '../../../core/visible-text.ts';
import type { RuleList } from '../edit-policy.ts';
import type { Imported, ImportRemark } from './imported-rules.ts';

/** A whole `proof.yaml` of what was imported, with all that was not as comments at its head. */
export function importedPolicyText(
  { rules, left, stricter }: Imported,
  sources: readonly string[],
): string {
  const of = (list: RuleList) => rules.filter((rule) => rule.list === list).map(({ text }) => text);
  return `# Converted by proof boundary import from ${sources.map(visibleLine).join(', ')}.
${remarks('Not carried over', left)}${remarks('Carried over, stricter than it was', stricter)}mode: observe
scope:
${block('write', of('scope.write'))}
${block('ask', of('scope.ask'))}
${block('deny', of('scope.deny'))}
commands:
  default: {human: allow, agent: ask}
${block('allow', of('commands.allow'))}
${block('ask', of('commands.ask'))}
${block('deny', of('commands.deny'))}
network:
${block('allow', of('network.allow'))}
  default: deny
`;
}

function remarks(title: string, all: readonly ImportRemark[]): string {
  if (all.length === 0) return '';
  const lines = all.map(
    ({ was, from, why }) => `#   ${visibleLine(was)} — ${visibleLine(why)} (${visibleLine(from)})`,
  );
  return `#\n# ${title}:\n${lines.join('\n')}\n`;
}

function block(key: string, items: readonly string[]): string {
  if (items.length === 0) return `  ${key}: []`;
  return [`  ${key}:`, ...items.map((item) => `    - ${JSON.stringify(item)}`)].join('\n');
}
