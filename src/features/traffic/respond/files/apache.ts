import { literal, pathPattern, type Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/** Apache 2.4 with mod_rewrite: conditions of a rule stand together, alternatives joined by OR. */
export const apache: Writer = (rules, options) => ({
  files: [
    {
      name: 'proof-respond.conf',
      text: [
        heading('#', rules, options),
        'RewriteEngine On',
        ...rules.filter(({ action }) => action === 'block').flatMap(block),
        '',
      ].join('\n'),
    },
  ],
  apply: [
    'sudo a2enmod rewrite',
    'sudo install -D -m 644 proof-respond.conf /etc/apache2/snippets/proof-respond.conf',
    'add to your <VirtualHost>: Include snippets/proof-respond.conf',
    'sudo apachectl -t && sudo systemctl reload apache2',
  ],
  undo: [
    'take the line "Include snippets/proof-respond.conf" out of your <VirtualHost>',
    'sudo rm /etc/apache2/snippets/proof-respond.conf',
    'sudo apachectl -t && sudo systemctl reload apache2',
  ],
  without: rules.flatMap(({ n, action }) =>
    action === 'limit'
      ? [{ rule: n, why: 'Apache limits no clients by itself; the fail2ban file does' }]
      : [],
  ),
});

function block(rule: Rule): string[] {
  const lines: string[] = ['', `# rule ${rule.n}`];
  const any = (conditions: readonly string[]) =>
    conditions.forEach((condition, i) => {
      lines.push(
        `RewriteCond ${condition}${i < conditions.length - 1 ? (condition.endsWith(']') ? '' : ' [OR]') : ''}`.replace(
          /\[NC\]$/,
          i < conditions.length - 1 ? '[NC,OR]' : '[NC]',
        ),
      );
    });
  any(rule.words.map((word) => `%{HTTP_USER_AGENT} "${quoted(literal(word))}" [NC]`));
  if (rule.agent !== null) any([`%{HTTP_USER_AGENT} "^${quoted(literal(rule.agent))}$"`]);
  any(rule.networks.map((prefix) => `expr "-R '${prefix}'"`));
  for (const prefix of rule.exceptNetworks) lines.push(`RewriteCond expr "! -R '${prefix}'"`);
  // REQUEST_URI is decoded and without its query: the request line has both as they were sent.
  if (rule.path !== null)
    lines.push(`RewriteCond %{THE_REQUEST} "^[A-Z]+ ${quoted(requestPattern(rule.path))}"`);
  return [...lines, 'RewriteRule ^ - [F,L]'];
}

/** The path's pattern inside a request line: it ends before ` HTTP/`. */
function requestPattern(path: string): string {
  const pattern = pathPattern(path).slice(1);
  return pattern.endsWith('$') && path.endsWith('$') ? `${pattern.slice(0, -1)} HTTP/` : pattern;
}

/** mod_rewrite takes its words apart by itself and knows no quote inside quotes. */
function quoted(text: string): string {
  return text.replaceAll('"', '\\x22').replaceAll(' ', '\\ ');
}
