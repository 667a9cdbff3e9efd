import type { Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/** A longer expression is refused: developers.cloudflare.com/waf/custom-rules. */
const LONGEST_EXPRESSION = 4096;

/** Cloudflare: an expression for a custom rule, and one for a rate limiting rule. */
export const cloudflare: Writer = (rules, options) => {
  const of = (action: Rule['action']) => rules.filter((rule) => rule.action === action);
  const text = (['block', 'limit'] as const).flatMap((action) => {
    const expressions = of(action).map(expression);
    if (expressions.length === 0) return [];
    return [
      `# ${action === 'block' ? 'custom rule, action Block' : `rate limiting rule, ${options.perMinute} requests a minute by IP, action Block`}`,
      expressions.join(' or '),
      '',
    ];
  });
  const tooLong = rules.filter((rule) => expression(rule).length > LONGEST_EXPRESSION);
  return {
    files: [
      { name: 'proof-cloudflare.txt', text: [heading('#', rules, options), ...text].join('\n') },
    ],
    apply: [
      'dashboard: Security, WAF, Custom rules, Create rule, Edit expression; paste the line below its comment',
    ],
    undo: ['delete the rule there'],
    without: tooLong.map(({ n }) => ({
      rule: n,
      why: 'longer than the 4 096 characters of an expression: make an IP list of its addresses and name that',
    })),
  };
};

function expression(rule: Rule): string {
  const parts: string[] = [];
  if (rule.words.length > 0) {
    const any = rule.words.map(
      (word) => `lower(http.user_agent) contains ${quoted(word.toLowerCase())}`,
    );
    parts.push(any.length === 1 ? (any[0] as string) : `(${any.join(' or ')})`);
  }
  if (rule.agent !== null) parts.push(`http.user_agent eq ${quoted(rule.agent)}`);
  if (rule.networks.length > 0) parts.push(`ip.src in {${rule.networks.join(' ')}}`);
  if (rule.exceptNetworks.length > 0)
    parts.push(`not ip.src in {${rule.exceptNetworks.join(' ')}}`);
  if (rule.path !== null)
    parts.push(
      `http.request.uri strict wildcard ${quoted(rule.path.endsWith('$') ? rule.path.slice(0, -1) : `${rule.path.replace(/\*$/, '')}*`)}`,
    );
  return `(${parts.join(' and ')})`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
