import type { Rule } from '../../judge/boundary/policy.ts';

/** A host as a rule of `network.allow` names it. */
export interface HostRule {
  text: string;
  /** `example.com`, `*.example.com`, an address, or a range `10.0.0.0/8`. */
  host: string;
  /** Null: the ports of HTTP and HTTPS. */
  port: number | null;
}

export function hostRules(rules: readonly Rule[]): HostRule[] {
  return rules.map(({ text }) => {
    const bare = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/\/$/, '');
    const inBrackets = /^\[([0-9a-f:.]+)\](?::(\d+))?$/i.exec(bare);
    const named = /^([^:]+?)(?::(\d+))?$/.exec(bare);
    const [, host = bare, port] = inBrackets ?? named ?? [];
    return { text, host: plainHost(host), port: port === undefined ? null : Number(port) };
  });
}

/** The rule that lets a connection to this host and port through, by its name; null if none does. */
export function ruleForHost(rules: readonly HostRule[], host: string, port: number) {
  const asked = plainHost(host);
  return (
    rules.find((rule) => {
      if (rule.port === null ? port !== 80 && port !== 443 : rule.port !== port) return false;
      if (rule.host.startsWith('*.')) return asked.endsWith(rule.host.slice(1));
      return rule.host === asked;
    }) ?? null
  );
}

/** Names are compared as DNS does: without case, without the dot of the root. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
