import { literal, pathPattern, type Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/** Caddy 2: a snippet to import into a site. caddyserver.com/docs/caddyfile/matchers */
export const caddy: Writer = (rules, options) => ({
  files: [
    {
      name: 'proof-respond.caddy',
      text: [
        heading('#', rules, options),
        ...rules.filter(({ action }) => action === 'block').flatMap(block),
        '',
      ].join('\n'),
    },
  ],
  apply: [
    'sudo install -D -m 644 proof-respond.caddy /etc/caddy/proof-respond.caddy',
    'add to your site block: import proof-respond.caddy',
    'caddy validate --config /etc/caddy/Caddyfile && sudo systemctl reload caddy',
  ],
  undo: [
    'take the line "import proof-respond.caddy" out of your site block',
    'sudo rm /etc/caddy/proof-respond.caddy',
    'caddy validate --config /etc/caddy/Caddyfile && sudo systemctl reload caddy',
  ],
  without: rules.flatMap(({ n, action }) =>
    action === 'limit' ? [{ rule: n, why: 'Caddy limits rates only with a plugin' }] : [],
  ),
});

function block(rule: Rule): string[] {
  const matcher = `@proof_${rule.n}`;
  const words = rule.words.map(literal).join('|');
  return [
    `${matcher} {`,
    ...(rule.words.length > 0 ? [`    header_regexp User-Agent ${quoted(`(?i)(${words})`)}`] : []),
    ...(rule.agent !== null
      ? [`    header_regexp User-Agent ${quoted(`^${literal(rule.agent)}$`)}`]
      : []),
    ...(rule.networks.length > 0 ? [`    remote_ip ${rule.networks.join(' ')}`] : []),
    ...(rule.exceptNetworks.length > 0
      ? [`    not remote_ip ${rule.exceptNetworks.join(' ')}`]
      : []),
    // The path matcher decodes and drops the query; this one sees what was sent.
    ...(rule.path !== null
      ? [`    vars_regexp {http.request.orig_uri} ${quoted(pathPattern(rule.path))}`]
      : []),
    '}',
    `respond ${matcher} 403`,
    '',
  ];
}

/** Back quotes take all as it is; a pattern that holds one is written in double quotes. */
function quoted(text: string): string {
  return text.includes('`') ? `"${text.replace(/["\\]/g, '\\$&')}"` : `\`${text}\``;
}
