import { literal, pathPattern, type Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/**
 * nginx: maps in `http`, a decision in `server`. `if` with nothing but `return` in it is the use
 * that nginx.org/en/docs/http/ngx_http_rewrite_module.html calls safe.
 */
export const nginx: Writer = (rules, options) => {
  const limits = rules.some(({ action }) => action === 'limit');
  const http = [
    heading('#', rules, options),
    ...rules.flatMap(conditions),
    ...decision(
      'proof_block',
      rules.filter(({ action }) => action === 'block'),
      '0',
      '1',
    ),
    ...decision(
      'proof_limit',
      rules.filter(({ action }) => action === 'limit'),
      '""',
      '$binary_remote_addr',
    ),
    ...(limits
      ? [`limit_req_zone $proof_limit zone=proof_limit:10m rate=${options.perMinute}r/m;`]
      : []),
    '',
  ].join('\n');
  const server = [
    heading('#', rules, options),
    'if ($proof_block) {\n    return 403;\n}',
    ...(limits
      ? [
          `limit_req zone=proof_limit burst=${Math.max(1, Math.floor(options.perMinute / 4))} nodelay;`,
          'limit_req_status 429;',
        ]
      : []),
    '',
  ].join('\n');
  return {
    files: [
      { name: 'proof-http.conf', text: http },
      { name: 'proof-server.conf', text: server },
    ],
    apply: [
      'sudo install -D -m 644 proof-http.conf /etc/nginx/conf.d/proof-http.conf',
      'sudo install -D -m 644 proof-server.conf /etc/nginx/snippets/proof-server.conf',
      'add to your server block: include snippets/proof-server.conf;',
      'sudo nginx -t && sudo systemctl reload nginx',
    ],
    undo: [
      'take the line "include snippets/proof-server.conf;" out of your server block',
      'sudo rm /etc/nginx/conf.d/proof-http.conf /etc/nginx/snippets/proof-server.conf',
      'sudo nginx -t && sudo systemctl reload nginx',
    ],
    without: [],
  };
};

/** One variable a condition, and one that is 1 where all of a rule's hold. */
function conditions(rule: Rule): string[] {
  const name = `proof_${rule.n}`;
  const lines: string[] = [];
  const parts: string[] = [];
  const ranges = (part: string, prefixes: readonly string[], inside: string, outside: string) => {
    lines.push(
      `geo $${name}_${part} {`,
      `    default ${outside};`,
      ...prefixes.map((prefix) => `    ${prefix} ${inside};`),
      '}',
    );
    parts.push(`$${name}_${part}`);
  };
  const map = (part: string, of: string, values: readonly string[]) => {
    lines.push(
      `map ${of} $${name}_${part} {`,
      '    default 0;',
      ...values.map((value) => `    ${value} 1;`),
      '}',
    );
    parts.push(`$${name}_${part}`);
  };
  if (rule.networks.length > 0) ranges('from', rule.networks, '1', '0');
  if (rule.exceptNetworks.length > 0) ranges('not_from', rule.exceptNetworks, '0', '1');
  if (rule.words.length > 0)
    map(
      'agent',
      '$http_user_agent',
      rule.words.map((word) => quoted(`~*${literal(word)}`)),
    );
  if (rule.agent !== null) map('agent', '$http_user_agent', [quoted(`~^${literal(rule.agent)}$`)]);
  if (rule.path !== null) map('path', '$request_uri', [quoted(`~${pathPattern(rule.path)}`)]);
  return [
    ...lines,
    `map "${parts.join('')}" $${name} {`,
    '    default 0;',
    `    "${'1'.repeat(parts.length)}" 1;`,
    '}',
    '',
  ];
}

function decision(name: string, rules: readonly Rule[], no: string, yes: string): string[] {
  const all = rules.length === 0 ? '0' : rules.map(({ n }) => `$proof_${n}`).join('');
  return [`map "${all}" $${name} {`, `    default ${no};`, `    "~1" ${yes};`, '}'];
}

/** In nginx's double quotes a backslash before `"` and `\` is taken off; `$` would begin a variable. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
