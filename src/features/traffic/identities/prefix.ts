import ipaddr from 'ipaddr.js';

/**
 * An address as 32 hex digits, IPv4 as IPv4-mapped IPv6: ranges of both compare as text. Null where
 * it is none (logs hold host names too).
 */
export function addressKey(address: string): string | null {
  const plain = address.split('%', 1)[0] as string;
  if (!plain.includes(':')) return v4Key(plain);
  if (!ipaddr.IPv6.isValid(plain)) return null;
  return Buffer.from(ipaddr.IPv6.parse(plain).toByteArray()).toString('hex');
}

/**
 * The library also takes "1.2" and "017700000001", and a host name must not become an address; and
 * millions of addresses must not take seconds.
 */
function v4Key(address: string): string | null {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < address.length; i++) {
    const c = address.charCodeAt(i);
    if (c === 46) {
      if (digits === 0 || part > 255 || ++dots > 3) return null;
      value = value * 256 + part;
      part = 0;
      digits = 0;
    } else if (c >= 48 && c <= 57 && digits < 3 && !(digits === 1 && part === 0)) {
      part = part * 10 + (c - 48);
      digits++;
    } else return null;
  }
  if (dots !== 3 || digits === 0 || part > 255) return null;
  return MAPPED + (value * 256 + part).toString(16).padStart(8, '0');
}

const MAPPED = '00000000000000000000ffff';

export interface Range {
  from: string;
  to: string;
}

/** `192.0.2.0/24`, or one address, as the first and last key in it. Throws on anything else. */
export function prefixRange(prefix: string): Range {
  const [address = '', bits] = prefix.split('/');
  const key = addressKey(address);
  if (key === null) throw new RangeError(`${prefix} is no address range`);
  const size = key.startsWith(MAPPED) && !address.includes(':') ? 32 : 128;
  const length = bits === undefined ? size : Number(bits);
  if (!(Number.isInteger(length) && length >= 0 && length <= size)) {
    throw new RangeError(`${prefix} is no address range`);
  }
  const host = (1n << BigInt(size - length)) - 1n;
  const value = BigInt(`0x${key}`);
  return { from: hex(value & ~host), to: hex(value | host) };
}

/** The fewest prefixes that are this range. */
export function rangePrefixes({ from, to }: Range): string[] {
  const prefixes: string[] = [];
  const last = BigInt(`0x${to}`);
  const size = from.startsWith(MAPPED) ? 32 : 128;
  for (let at = BigInt(`0x${from}`); at <= last; ) {
    let free = 0;
    while (
      free < size &&
      ((at >> BigInt(free)) & 1n) === 0n &&
      at + (2n << BigInt(free)) - 1n <= last
    ) {
      free++;
    }
    prefixes.push(`${keyAddress(hex(at))}/${size - free}`);
    at += 1n << BigInt(free);
  }
  return prefixes;
}

/** The address of a key, as people write it. */
export function keyAddress(key: string): string {
  const bytes = [...Buffer.from(key.startsWith(MAPPED) ? key.slice(24) : key, 'hex')];
  return ipaddr.fromByteArray(bytes).toString();
}

/** The /24 (IPv6: /48) or wider network of an address, as a prefix; null for a host name. */
export function networkOf(address: string, v4Bits = 24, v6Bits = 48): string | null {
  const key = addressKey(address);
  if (key === null) return null;
  const v4 = key.startsWith(MAPPED);
  const { from } = prefixRange(`${keyAddress(key)}/${v4 ? v4Bits : v6Bits}`);
  return `${keyAddress(from)}/${v4 ? v4Bits : v6Bits}`;
}

/** Not an address of the open Internet: a proxy's, a container's, this machine's. */
export function isPrivate(key: string): boolean {
  return PRIVATE.some(({ from, to }) => key >= from && key <= to);
}

function hex(value: bigint): string {
  return value.toString(16).padStart(32, '0');
}

const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
].map(prefixRange);
