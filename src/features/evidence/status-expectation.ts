import { evidenceError } from './evidence-error.ts';

/** Which answers are those somebody hoped for: `200`, `2xx`, `200,204`. */
export interface StatusExpectation {
  text: string;
  /** Null is no answer, which nobody hopes for. */
  meets(status: number | null): boolean;
}

/** @throws ProofError `http.bad-expectation` */
export function readExpectation(text: string): StatusExpectation {
  const wanted = text.split(',').map((part) => part.trim().toLowerCase());
  if (!wanted.every((part) => /^[1-5](?:\d\d|xx)$/.test(part))) {
    throw evidenceError(
      'http.bad-expectation',
      `"${text.slice(0, 40)}" is no status`,
      'a status has three digits, or is a class of them',
      'proof http URL --expect-status 200, or 2xx, or 200,204',
    );
  }
  return {
    text: wanted.join(','),
    meets: (status) =>
      status !== null &&
      wanted.some((part) => part === String(status) || part === `${Math.floor(status / 100)}xx`),
  };
}
