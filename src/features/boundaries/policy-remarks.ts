import { visibleLine } from '../../core/visible-text.ts';
import type { Policy } from '../../judge/boundary/policy.ts';
import { type PolicyFile, UNREAD_SECTIONS } from './policy-schema.ts';
import type { YamlValues } from './yaml-values.ts';

/** Something that holds, yet perhaps not as it was meant. */
export interface Remark {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** What holds in a policy, and yet may surprise. */
export function remarksOn(file: PolicyFile, policy: Policy, yaml: YamlValues): Remark[] {
  const remarks: Remark[] = [];
  for (const section of UNREAD_SECTIONS) {
    if (file[section as 'gates'] === undefined) continue;
    remarks.push({ ...yaml.keyPlace([section]), text: `${section} is not read by this version` });
  }
  for (const key of ['allow', 'ask', 'deny'] as const) {
    for (const [index, { text }] of policy.commands[key].entries()) {
      if (text.trim() === '*') {
        remarks.push({
          ...yaml.place(['commands', key, index]),
          text: '"*" names every command; commands.default says the same of what no rule names',
        });
        continue;
      }
      const words = text.trim().split(/\s+/);
      const inner = words.slice(0, -1).some((word) => word.includes('*'));
      const last = words.at(-1) ?? '';
      if (!inner && (last === '*' || !last.includes('*'))) continue;
      remarks.push({
        ...yaml.place(['commands', key, index]),
        text: `in "${visibleLine(text)}" the star is an ordinary character: only a final word * stands for further words`,
      });
    }
  }
  return remarks;
}
