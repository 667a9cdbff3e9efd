import { EXIT, ProofError } from '../core/errors.ts';

/** Milliseconds of `500ms`, `30s`, `5m`, `1h`, `180d`. */
export function parseDuration(text: string, flag = '--timeout'): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)$/.exec(text);
  const ms = match === null ? Number.NaN : Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  if (ms > 0 && Number.isFinite(ms)) return Math.round(ms);
  throw new ProofError({
    code: 'usage.bad-value',
    message: `"${text}" is not a duration`,
    why: 'a duration is a number with ms, s, m, h or d',
    remedy: `for example ${flag} 30s`,
    exit: EXIT.usage,
  });
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
