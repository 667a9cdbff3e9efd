import { EDGE, WIDE_EDGE } from './edge.ts';
import { RANK, type Span } from './span.ts';

/**
 * One rule of the combined pass. `starts` are literals, one of which begins every match; the
 * scanner looks for three letters of them (at `gramAt`) and asks `match` only there.
 *
 * Time is linear because no rule reads the same bytes often: a rule either looks at a bounded
 * number of bytes, or its token can begin only where the token before it ended.
 */
export interface Rule {
  starts: readonly string[];
  gramAt?: number;
  /** A number: nothing here, nor anything of this rule before that offset. */
  match(text: string, at: number): Span | number | undefined;
}

const HEX = [...'0123456789abcdef'];

/**
 * Group 1, if there is one, is the secret and ends the match; else the whole match is. The regex is
 * made when its letters are first met: most commands never meet most of them.
 */
function prefix(kind: string, starts: readonly string[], source: string, gramAt = 0): Rule {
  let pattern: RegExp | undefined;
  return {
    starts,
    gramAt,
    match(text, at) {
      pattern ??= new RegExp(source, 'y');
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found === null) return undefined;
      const to = at + found[0].length;
      const from = found[1] === undefined ? at : to - found[1].length;
      return { start: at, from, to, kind, rank: RANK.pattern };
    },
  };
}

/** base64 of a PEM header, as in a Kubernetes secret; certificates begin otherwise and stay. */
const base64Pem = () =>
  ['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED '].map((label) =>
    btoa(`-----BEGIN ${label}PRIVATE KEY-----`).slice(0, 28),
  );

export function prefixRules(): Rule[] {
  const pem = base64Pem();
  return [
    prefix('aws-access-key', ['AKIA', 'ASIA'], 'A[KS]IA[A-Z0-9]{16}'),
    prefix(
      'github-token',
      ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
      `${EDGE}gh[pousr]_[A-Za-z0-9]{36,}`,
    ),
    prefix('github-token', ['github_pat_'], 'github_pat_[A-Za-z0-9_]{22,}', 6),
    prefix(
      'gitlab-token',
      ['glpat-', 'glptt-', 'gldt-', 'glrt-', 'glcbt-'],
      `${EDGE}gl(?:pat|ptt|dt|rt|cbt)-[\\w-]{20,}`,
    ),
    prefix('slack-token', ['xox'], `${EDGE}xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10,}`),
    prefix('slack-token', ['xapp-'], `${EDGE}xapp-[A-Za-z0-9-]{10,}`),
    // The three path parts are the secret, the host says what it was.
    prefix(
      'slack-webhook',
      ['hooks.slack.com'],
      String.raw`hooks\.slack\.com\\?/(?:services|workflows|triggers)\\?/([A-Z0-9](?:[A-Za-z0-9]|\\?/){16,})`,
      6,
    ),
    prefix('stripe-key', ['sk_', 'rk_'], `${EDGE}[sr]k_(?:live|test)_[A-Za-z0-9]{10,}`),
    prefix('stripe-webhook-secret', ['whsec_'], `${EDGE}whsec_[A-Za-z0-9+/=]{24,}`),
    prefix('google-api-key', ['AIza'], `${EDGE}AIza[\\w-]{35}`),
    prefix('google-oauth-secret', ['GOCSPX-'], 'GOCSPX-[\\w-]{20,}'),
    prefix('google-oauth-token', ['ya29.'], `${EDGE}ya29\\.[\\w-]{20,}`),
    // Signed tokens (three parts, the second again JSON) and encrypted ones (five parts).
    prefix(
      'jwt',
      ['eyJ'],
      `${WIDE_EDGE}eyJ[\\w-]{8,}\\.(?:eyJ[\\w-]{8,}(?:\\.[\\w-]*)?|[\\w-]*(?:\\.[\\w-]{8,}){3})`,
    ),
    prefix('npm-token', ['npm_'], `${EDGE}npm_[A-Za-z0-9]{36,}`),
    prefix('anthropic-key', ['sk-ant-'], `${EDGE}sk-ant-[\\w-]{20,}`, 2),
    prefix(
      'openai-key',
      ['sk-'],
      `${EDGE}sk-(?:(?:proj|svcacct|admin|None)-[\\w-]{20,}|or-v1-[0-9a-f]{32,}|[A-Za-z0-9]{32,})`,
    ),
    prefix('sendgrid-key', ['SG.'], `${EDGE}SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}`),
    prefix(
      'twilio-key',
      HEX.map((digit) => `SK${digit}`),
      `${EDGE}SK[0-9a-f]{32}(?![0-9A-Za-z])`,
    ),
    prefix('digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], 'do[opr]_v1_[0-9a-f]{64}'),
    prefix('huggingface-token', ['hf_'], `${EDGE}hf_[A-Za-z0-9]{30,}`),
    prefix('pypi-token', ['pypi-AgEI'], 'pypi-AgEI[\\w-]{40,}', 4),
    prefix('age-key', ['AGE-SECRET-KEY-1'], 'AGE-SECRET-KEY-1[0-9A-Z]{50,}', 2),
    prefix('azure-key', ['AccountKey'], 'AccountKey=([A-Za-z0-9+/]{40,}={0,2})', 5),
    prefix('azure-key', ['SharedAccessKey'], 'SharedAccessKey=([A-Za-z0-9+/]{40,}={0,2})', 10),
    prefix('vault-token', ['hvs.'], `${EDGE}hvs\\.[\\w-]{24,}`),
    prefix('shopify-token', ['shpat_', 'shpss_'], `${EDGE}shp(?:at|ss)_[0-9a-fA-F]{32}`),
    prefix('pem-private-key', pem, `(?:${pem.join('|')})[A-Za-z0-9+/=_-]{16,}`, 6),
  ];
}
