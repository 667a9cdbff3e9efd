import { literal, pathPattern, type Rule } from '../rule.ts';
import { heading, type Writer } from './rule-file.ts';

/** HAProxy 2: rules for a frontend, and a table for limits. Section 7 of its configuration manual. */
export const haproxy: Writer = (rules, options) => {
  const limited = rules.filter(({ action }) => action === 'limit');
  const lines = rules.flatMap((rule) => {
    const { names, acls } = aclsOf(rule);
    if (rule.action === 'block')
      return [...acls, `http-request deny deny_status 403 if ${names}`, ''];
    return [
      ...acls,
      `http-request track-sc0 src table proof_limit if ${names}`,
      `http-request deny deny_status 429 if ${names} { sc_http_req_rate(0,proof_limit) gt ${options.perMinute} }`,
      '',
    ];
  });
  const frontend = [heading('#', rules, options), ...lines].join('\n');
  const backend =
    'backend proof_limit\n    stick-table type ipv6 size 1m expire 2m store http_req_rate(60s)\n';
  return {
    files: [
      { name: 'proof-frontend.cfg', text: frontend },
      ...(limited.length > 0
        ? [{ name: 'proof-table.cfg', text: `${heading('#', rules, options)}${backend}` }]
        : []),
    ],
    apply: [
      'put the lines of proof-frontend.cfg into your frontend',
      ...(limited.length > 0 ? ['put proof-table.cfg beside your backends'] : []),
      'sudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl reload haproxy',
    ],
    undo: [
      'take those lines out again',
      'sudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl reload haproxy',
    ],
    without: [],
  };
};

/** Lines of one name are alternatives; names beside each other must all hold. */
function aclsOf(rule: Rule): { names: string; acls: string[] } {
  const name = `proof_${rule.n}`;
  const acls: string[] = [];
  const names: string[] = [];
  if (rule.words.length > 0) {
    acls.push(
      `acl ${name}_agent req.hdr(User-Agent) -m sub -i ${rule.words.map(quoted).join(' ')}`,
    );
    names.push(`${name}_agent`);
  }
  if (rule.agent !== null) {
    acls.push(`acl ${name}_agent req.hdr(User-Agent) -m reg ${quoted(`^${literal(rule.agent)}$`)}`);
    names.push(`${name}_agent`);
  }
  if (rule.networks.length > 0) {
    for (const prefix of rule.networks) acls.push(`acl ${name}_from src ${prefix}`);
    names.push(`${name}_from`);
  }
  if (rule.exceptNetworks.length > 0) {
    for (const prefix of rule.exceptNetworks) acls.push(`acl ${name}_own src ${prefix}`);
    names.push(`!${name}_own`);
  }
  if (rule.path !== null) {
    acls.push(`acl ${name}_path pathq -m reg ${quoted(pathPattern(rule.path))}`);
    names.push(`${name}_path`);
  }
  return { names: names.join(' '), acls };
}

/** Single quotes take all but themselves. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
