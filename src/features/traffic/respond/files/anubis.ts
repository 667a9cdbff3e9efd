import { literal, pathPattern, type Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/** Anubis: entries for `bots:` of its policy; the first that matches decides, so own addresses come first. */
export const anubis: Writer = (rules, options) => ({
  files: [
    {
      name: 'proof-anubis.yaml',
      text: [heading('#', rules, options), ...rules.flatMap(entries), ''].join('\n'),
    },
  ],
  apply: ['add these entries to the top of bots: in your policy file, then restart Anubis'],
  undo: ['take them out again, then restart Anubis'],
  without: [],
});

function entries(rule: Rule): string[] {
  const own =
    rule.exceptNetworks.length === 0
      ? []
      : entry(rule, `proof-${rule.n}-own`, rule.exceptNetworks, 'ALLOW');
  return [
    ...own,
    ...entry(
      rule,
      `proof-${rule.n}`,
      rule.networks,
      rule.action === 'block' ? 'DENY' : 'CHALLENGE',
    ),
  ];
}

function entry(rule: Rule, name: string, networks: readonly string[], action: string): string[] {
  const agent =
    rule.agent === null
      ? rule.words.length === 0
        ? null
        : `(?i:${rule.words.map(literal).join('|')})`
      : `^${literal(rule.agent)}$`;
  return [
    `- name: ${name}`,
    ...(agent === null ? [] : [`  user_agent_regex: ${JSON.stringify(agent)}`]),
    ...(rule.path === null ? [] : [`  path_regex: ${JSON.stringify(pathPattern(rule.path))}`]),
    ...(networks.length === 0
      ? []
      : ['  remote_addresses:', ...networks.map((prefix) => `    - ${prefix}`)]),
    `  action: ${action}`,
  ];
}
