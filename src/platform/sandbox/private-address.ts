import { BlockList, isIP } from 'node:net';

/**
 * Addresses that lead to this machine or into a network that is not public: this host, the home or
 * office around it, a cloud's metadata service. An allowed name must not be a way to them, whoever
 * answers for it (DNS rebinding).
 */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  const mapped = family === 6 ? mappedAddress(address) : null;
  if (mapped !== null) return isPrivateAddress(mapped);
  return privateRanges().check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an address is, or lies in, one of those that were allowed as such (`10.0.0.0/8`). */
export function isAmong(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [start = '', bits] = range.split('/');
    const family = isIP(start);
    if (family === 0) continue;
    const kind = family === 6 ? 'ipv6' : 'ipv4';
    const prefix = bits === undefined ? (family === 6 ? 128 : 32) : Number(bits);
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > (family === 6 ? 128 : 32)) continue;
    list.addSubnet(start, prefix, kind);
  }
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

let ranges: BlockList | undefined;

function privateRanges(): BlockList {
  if (ranges !== undefined) return ranges;
  ranges = new BlockList();
  for (const [start, prefix] of V4) ranges.addSubnet(start, prefix, 'ipv4');
  for (const [start, prefix] of V6) ranges.addSubnet(start, prefix, 'ipv6');
  return ranges;
}

/** IANA's special-purpose registries (RFC 6890 and what came after), and multicast. */
const V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const V6: readonly [string, number][] = [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** The IPv4 address in `::ffff:10.0.0.1`, however it is written. */
function mappedAddress(address: string): string | null {
  const dotted = /^::(?:ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (dotted !== null) return dotted[1] as string;
  const hex = /^(?:0{1,4}:){0,5}:?:?ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex === null) return null;
  const [high, low] = [hex[1] as string, hex[2] as string].map((part) => Number.parseInt(part, 16));
  return [high as number, low as number].flatMap((part) => [part >> 8, part & 0xff]).join('.');
}
