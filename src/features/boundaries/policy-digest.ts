import { createHash } from 'node:crypto';
import { canonicalize, type JsonValue } from '../../core/canonical-json.ts';
import type { Policy, Rule } from '../../judge/boundary/policy.ts';

/**
 * What a policy means, as canonical JSON (RFC 8785): rules without their lines, since comments and
 * order of keys mean nothing. Two files that judge alike by their words have the same.
 */
export function policyMeaning(policy: Policy): string {
  const texts = (rules: readonly Rule[]): JsonValue => rules.map(({ text }) => text).sort();
  const { scope, commands, network, models } = policy;
  const meaning: JsonValue = {
    v: 1,
    mode: policy.mode,
    scope: {
      write: texts(scope.write),
      generated: texts(scope.generated),
      ask: texts(scope.ask),
      deny: texts(scope.deny.filter(({ all }) => !all)),
      denyAll: texts(scope.deny.filter(({ all }) => all)),
      within: (scope.within ?? []).map(texts),
    },
    commands: {
      default: { human: commands.default.human, agent: commands.default.agent },
      allow: texts(commands.allow),
      ask: texts(commands.ask),
      deny: texts(commands.deny),
    },
    network: { allow: texts(network.allow), default: network.default },
    models: { allow: texts(models.allow) },
  };
  return canonicalize(wellFormed(meaning));
}

/** SHA-256 of the policy's meaning, in hex: what every decision names. */
export function policyDigest(policy: Policy): string {
  return createHash('sha256').update(policyMeaning(policy)).digest('hex');
}

/** Half a surrogate pair has no canonical form; no rule can match one either. */
function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wellFormed(inner)]));
}
