import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readReport } from './enclosure.ts';
import { pathsIn } from './host-sockets.ts';
import { isAmong, isPrivateAddress } from './private-address.ts';
import { makePrivateDirectories, sweepTemporary } from './private-directories.ts';
import { type ProbeMemory, probeSandbox } from './probe.ts';
import { syscallFilter } from './syscall-filter.ts';

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'proof-pieces-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe('an address', () => {
  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
    ...['0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fd00::1', 'ff02::1'],
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', 'no address'],
  ])('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true));

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8', '172.32.0.1'])(
    '%s is public',
    (address) => expect(isPrivateAddress(address)).toBe(false),
  );

  it('can be allowed by itself or by its range', () => {
    expect(isAmong('10.1.2.3', ['10.0.0.0/8'])).toBe(true);
    expect(isAmong('127.0.0.1', ['127.0.0.1'])).toBe(true);
    expect(isAmong('127.0.0.2', ['127.0.0.1', 'example.com', '10.0.0.0/99'])).toBe(false);
  });
});

describe('the report of the command’s parent', () => {
  it.each([
    ['p 3\nx 0 0.5 0.25\n', { started: true, exit: { code: 0 } }],
    ['p 3\nx 768 0 0\n', { exit: { code: 3 } }],
    ['p 3\nx 15 0 0\n', { exit: { signal: 'SIGTERM' } }],
    ['p 3\nx 139 0 0\n', { exit: { signal: 'SIGSEGV', coreDumped: true } }],
    ['p 3\nx 36 0 0\n', { exit: { code: 164 } }],
    ['p 3\ne 2\nx 32512 0 0\n', { refused: 2 }],
    ['', { started: false, exit: null }],
    ['p 3\nx 0', { started: true, exit: null }],
    ['p 3\nx 0 0 0\nl 7 736c656570003100\n', { leftBehind: ['sleep 1'] }],
  ])('%j', (text, report) => expect(readReport(text)).toMatchObject(report));

  it('has CPU in microseconds', () => {
    expect(readReport('x 0 0.5 0.25\n').cpu).toEqual({
      userMicros: 500_000,
      systemMicros: 250_000,
    });
  });
});

describe('sockets', () => {
  it('are those that listen, with a path', () => {
    const table = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 20 /run/docker.sock
0000000000000000: 00000002 00000000 00010000 0001 01 21 @abstract
0000000000000000: 00000003 00000000 00000000 0001 03 22 /run/connected
0000000000000000: 00000002 00000000 00000000 0002 01 23 /dev/log
0000000000000000: 00000002 00000000 00010000 0005 01 24 /tmp/with space
`;
    expect(pathsIn(table)).toEqual(['/run/docker.sock', '/dev/log', '/tmp/with space']);
  });
});

describe('private directories', () => {
  it('are ours alone, with an empty file and directory', () => {
    const dir = join(scratch(), 'private');
    const { directory, file } = makePrivateDirectories(dir, [join(dir, 'tmp')]);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toEqual([]);
    expect(statSync(file).size).toBe(0);
  });

  it('lose what nobody has touched for three days, looked after once an hour', () => {
    const dir = join(scratch(), 'tmp');
    mkdirSync(dir);
    writeFileSync(join(dir, 'old'), '');
    const now = Date.now();
    const days = (n: number) => now + n * 86_400_000;
    utimesSync(join(dir, 'old'), now / 1000, now / 1000);
    sweepTemporary(dir, days(2));
    expect(readdirSync(dir)).toEqual(['old']);
    sweepTemporary(dir, days(4));
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('the probe', () => {
  it('is remembered as long as nothing changes, and survives a broken memory', () => {
    let text: string | null = 'not json';
    let written = 0;
    const memory: ProbeMemory = {
      read: () => text,
      write(next) {
        written++;
        text = next;
      },
    };
    const first = probeSandbox(memory);
    expect(probeSandbox(memory)).toEqual(first);
    expect(written).toBe(1);
    if (!first.holds) expect(first.remedy).not.toBe('');
  });
});

describe('the system call filter', () => {
  it.each(['x64', 'arm64'])(
    'for %s jumps nowhere but into itself, and ends with an answer',
    (arch) => {
      for (const isolated of [true, false]) {
        const bytes = syscallFilter(arch, isolated) as Uint8Array;
        const view = new DataView(bytes.buffer);
        const length = bytes.length / 8;
        for (let at = 0; at < length; at++) {
          const jump = (view.getUint16(at * 8, true) & 0x07) === 0x05;
          if (!jump) continue;
          for (const by of [view.getUint8(at * 8 + 2), view.getUint8(at * 8 + 3)])
            expect(at + 1 + by).toBeLessThan(length);
        }
        expect(view.getUint16((length - 1) * 8, true)).toBe(0x06);
      }
    },
  );

  it('is none for what has other numbers', () => expect(syscallFilter('s390x', true)).toBeNull());
});
