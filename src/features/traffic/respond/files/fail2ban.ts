import { literal, pathPattern, type Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/** fail2ban: a filter and a jail a rule, on a log in combined format. Bans addresses for an hour. */
export const fail2ban: Writer = (rules, options) => {
  const able = rules.filter(({ networks }) => networks.length === 0);
  return {
    files: [
      ...able.map((rule) => ({
        name: `filter.d/proof-${rule.n}.conf`,
        text: `${heading('#', [rule], options)}\n[Definition]\nfailregex = ${failRegex(rule)}\nignoreregex =\n`,
      })),
      {
        name: 'jail.d/proof.conf',
        text: [
          heading('#', rules, options),
          ...able.flatMap((rule) => jail(rule, options.perMinute)),
        ].join('\n'),
      },
    ],
    apply: [
      'sudo cp -r filter.d jail.d /etc/fail2ban/',
      'set logpath in /etc/fail2ban/jail.d/proof.conf to your access log',
      'sudo fail2ban-client -t && sudo fail2ban-client reload',
    ],
    undo: [
      'sudo rm /etc/fail2ban/jail.d/proof.conf /etc/fail2ban/filter.d/proof-*.conf',
      'sudo fail2ban-client -t && sudo fail2ban-client reload',
    ],
    without: rules
      .filter((rule) => !able.includes(rule))
      .map(({ n }) => ({
        rule: n,
        why: 'fail2ban reads addresses from lines and cannot ask whether they are in a network',
      })),
  };
};

/** `%` begins a reference in its files. */
function failRegex(rule: Rule): string {
  const path =
    rule.path === null
      ? '[^"]*'
      : `[A-Z]+ ${pathPattern(rule.path).slice(1).replace(/\$$/, ' HTTP')}[^"]*`;
  const words =
    rule.words.length > 0 ? `(?i:[^"]*(?:${rule.words.map(literal).join('|')})[^"]*)` : null;
  const agent = rule.agent === null ? (words ?? '[^"]*') : literal(rule.agent);
  return `^<HOST> \\S+ .*"${path}" \\d+ \\S+ "[^"]*" "${agent}"`.replaceAll('%', '%%');
}

function jail(rule: Rule, perMinute: number): string[] {
  return [
    `[proof-${rule.n}]`,
    'enabled = true',
    'port = http,https',
    `filter = proof-${rule.n}`,
    'backend = polling',
    'logpath = /var/log/nginx/access.log',
    `maxretry = ${rule.action === 'block' ? 1 : perMinute}`,
    'findtime = 60',
    'bantime = 3600',
    ...(rule.exceptNetworks.length > 0
      ? [`ignoreip = ${rule.exceptNetworks.join('\n           ')}`]
      : []),
    '',
  ];
}
