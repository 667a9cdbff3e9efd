import { promises as dns } from 'node:dns';

/** What reverse DNS says of an address: names that resolve back to it, and names that do not. */
export interface ReverseNames {
  address: string;
  confirmed: string[];
  forged: string[];
  /** Why nothing is known; null also where there simply is no name. */
  failed: string | null;
  /** When it was asked, in milliseconds. */
  asked: number;
}

/**
 * Asks for the names of addresses and for the addresses of those names. The addresses leave this
 * machine: call it only where somebody asked for that. Never throws; answers come in the order
 * asked, whatever came first. `servers` are asked in place of the machine's own.
 */
export async function reverseNames(
  addresses: readonly string[],
  told: (done: number) => void = () => {},
  servers: readonly string[] = [],
): Promise<ReverseNames[]> {
  const resolver = new dns.Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  const answers: ReverseNames[] = new Array(addresses.length);
  let next = 0;
  let done = 0;
  const one = async () => {
    while (next < addresses.length) {
      const at = next++;
      answers[at] = await namesOf(resolver, addresses[at] as string);
      told(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return answers;
}

const TIMEOUT_MS = 2_000;
const AT_ONCE = 16;
const MOST_NAMES = 8;

async function namesOf(resolver: dns.Resolver, address: string): Promise<ReverseNames> {
  const answer: ReverseNames = {
    address,
    confirmed: [],
    forged: [],
    failed: null,
    asked: Date.now(),
  };
  let names: string[];
  try {
    names = await resolver.reverse(address);
  } catch (cause) {
    return { ...answer, failed: noName(cause) ? null : codeOf(cause) };
  }
  for (const name of names.slice(0, MOST_NAMES).sort()) {
    try {
      const back = address.includes(':')
        ? await resolver.resolve6(name)
        : await resolver.resolve4(name);
      const found = back.some((one) => sameAddress(one, address));
      (found ? answer.confirmed : answer.forged).push(name);
    } catch (cause) {
      if (noName(cause)) answer.forged.push(name);
      else answer.failed = codeOf(cause);
    }
  }
  return answer;
}

/** The authority says that there is none: an answer, unlike silence. */
function noName(cause: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(codeOf(cause));
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? 'unknown';
}

function sameAddress(a: string, b: string): boolean {
  if (!a.includes(':')) return a === b;
  const whole = (text: string) => new URL(`http://[${text}]/`).hostname;
  return whole(a) === whole(b);
}
