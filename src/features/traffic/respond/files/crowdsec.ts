import { pathPattern, type Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/** CrowdSec: a scenario a rule, on what its HTTP parsers give. docs.crowdsec.net/docs/scenarios/format */
export const crowdsec: Writer = (rules, options) => ({
  files: rules.map((rule) => ({
    name: `proof-${rule.n}.yaml`,
    text: [
      heading('#', [rule], options),
      rule.action === 'block'
        ? 'type: trigger'
        : `type: leaky\ncapacity: ${options.perMinute}\nleakspeed: ${JSON.stringify(`${Math.max(1, Math.floor(60 / options.perMinute))}s`)}`,
      `name: prooflayer/proof-${rule.n}`,
      `description: ${JSON.stringify(`${rule.action} ${rule.target}`)}`,
      `filter: ${JSON.stringify(filterOf(rule))}`,
      'groupby: evt.Meta.source_ip',
      'blackhole: 1m',
      'labels:',
      '  service: http',
      '  remediation: true',
      '',
    ].join('\n'),
  })),
  apply: [
    'sudo cp proof-*.yaml /etc/crowdsec/scenarios/',
    'sudo crowdsec -t && sudo systemctl reload crowdsec',
  ],
  undo: ['sudo rm /etc/crowdsec/scenarios/proof-*.yaml', 'sudo systemctl reload crowdsec'],
  without: [],
});

function filterOf(rule: Rule): string {
  const agent = 'evt.Parsed.http_user_agent';
  const inside = (prefixes: readonly string[]) =>
    `any([${prefixes.map(quoted).join(', ')}], {IpInRange(evt.Meta.source_ip, #)})`;
  return [
    "evt.Meta.log_type in ['http_access-log', 'http_error-log']",
    ...(rule.words.length > 0
      ? [
          `any([${rule.words.map((word) => quoted(word.toLowerCase())).join(', ')}], {Lower(${agent}) contains #})`,
        ]
      : []),
    ...(rule.agent === null ? [] : [`${agent} == ${quoted(rule.agent)}`]),
    ...(rule.networks.length > 0 ? [inside(rule.networks)] : []),
    ...(rule.exceptNetworks.length > 0 ? [`not ${inside(rule.exceptNetworks)}`] : []),
    ...(rule.path === null ? [] : [`evt.Parsed.request matches ${quoted(pathPattern(rule.path))}`]),
  ].join(' and ');
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
