/**
 * A seccomp filter for what namespaces do not separate: typing into the terminal the user shares
 * with the command (TIOCSTI, TIOCLINUX), the kernel's keyrings, and sockets that reach the host
 * around a network namespace (AF_VSOCK and its like). Everything else is allowed.
 *
 * Classic BPF over `struct seccomp_data`: number at 0, architecture at 4, arguments from 16, each
 * 8 bytes, little-endian. Null for an architecture whose numbers are not listed here.
 */
export function syscallFilter(arch: string, isolatedNetwork: boolean): Uint8Array | null {
  const own = ARCHITECTURES[arch];
  if (own === undefined) return null;
  const code: Instruction[] = [load(ARCH)];
  for (const table of own) {
    const body = rulesFor(table, isolatedNetwork);
    // Another architecture's programs skip this table.
    code.push(jumpEqual(table.audit, 0, body.length), ...body);
  }
  // A system call made in a way whose numbers we do not know could be any of those.
  code.push(refuse(EPERM));
  return assemble(code);
}

interface Table {
  audit: number;
  ioctl: number;
  addKey: number;
  requestKey: number;
  keyctl: number;
  socket: number;
  /** One call for all socket calls, whose arguments a filter cannot see. */
  socketcall?: number;
  /** Numbers from here on belong to another way of calling. */
  foreignFrom?: number;
}

const X64: Table = {
  audit: 0xc000003e,
  ioctl: 16,
  addKey: 248,
  requestKey: 249,
  keyctl: 250,
  socket: 41,
  foreignFrom: 0x40000000,
};
const X86: Table = {
  audit: 0x40000003,
  ioctl: 54,
  addKey: 286,
  requestKey: 287,
  keyctl: 288,
  socket: 359,
  socketcall: 102,
};
const ARM64: Table = {
  audit: 0xc00000b7,
  ioctl: 29,
  addKey: 217,
  requestKey: 218,
  keyctl: 219,
  socket: 198,
};
const ARCHITECTURES: Readonly<Record<string, readonly Table[]>> = {
  x64: [X64, X86],
  arm64: [ARM64],
};

/** Unix, IPv4, IPv6, netlink, packet (needs a capability nobody has), the kernel's ciphers. */
const FAMILIES = [1, 2, 10, 16, 17, 38];
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

function rulesFor(table: Table, isolatedNetwork: boolean): Instruction[] {
  const code: Instruction[] = [load(NUMBER)];
  if (table.foreignFrom !== undefined)
    code.push(jumpAtLeast(table.foreignFrom, 0, 1), refuse(ENOSYS));
  for (const number of [table.addKey, table.requestKey, table.keyctl])
    code.push(jumpEqual(number, 0, 1), refuse(EPERM));
  // The kernel looks at the low half of the request alone, and so must we (CVE-2019-10063).
  code.push(jumpEqual(table.ioctl, 0, 5), load(FIRST_ARGUMENT + 8));
  code.push(jumpEqual(TIOCSTI, 1, 0), jumpEqual(TIOCLINUX, 0, 1), refuse(EPERM), allow());
  if (isolatedNetwork) {
    if (table.socketcall !== undefined)
      code.push(jumpEqual(table.socketcall, 0, 1), refuse(ENOSYS));
    const families = FAMILIES.map((family, index) => jumpEqual(family, FAMILIES.length - index, 0));
    code.push(jumpEqual(table.socket, 0, families.length + 2), load(FIRST_ARGUMENT));
    code.push(...families, refuse(EAFNOSUPPORT));
  }
  code.push(allow());
  return code;
}

interface Instruction {
  code: number;
  yes: number;
  no: number;
  value: number;
}

const NUMBER = 0;
const ARCH = 4;
const FIRST_ARGUMENT = 16;

const load = (at: number): Instruction => ({ code: 0x20, yes: 0, no: 0, value: at });
const jumpEqual = (value: number, yes: number, no: number): Instruction => ({
  code: 0x15,
  yes,
  no,
  value,
});
const jumpAtLeast = (value: number, yes: number, no: number): Instruction => ({
  code: 0x35,
  yes,
  no,
  value,
});
const answer = (value: number): Instruction => ({ code: 0x06, yes: 0, no: 0, value });
const allow = () => answer(0x7fff0000);
const refuse = (errno: number) => answer(0x00050000 + errno);

function assemble(code: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(code.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, { code: operation, yes, no, value }] of code.entries()) {
    view.setUint16(index * 8, operation, true);
    view.setUint8(index * 8 + 2, yes);
    view.setUint8(index * 8 + 3, no);
    view.setUint32(index * 8 + 4, value, true);
  }
  return bytes;
}
