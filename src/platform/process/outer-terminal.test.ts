import { describe, expect, it } from 'vitest';
import { parseTerminalModes } from './outer-terminal.ts';

describe('parseTerminalModes', () => {
  const linux = (local: string) =>
    `500:5:bf:${local}:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0`;

  it('reads line mode and the suspend key', () => {
    expect(parseTerminalModes(linux('8a3b'))).toEqual({
      saved: linux('8a3b'),
      canonical: true,
      signalKeys: true,
      suspendKey: 0x1a,
    });
  });

  it('reads raw mode', () => {
    expect(parseTerminalModes(linux('0'))).toMatchObject({ canonical: false, signalKeys: false });
  });

  it('keeps what it cannot read', () => {
    const saved = 'gfmt1:cflag=4b00:iflag=6b02:lflag=200005cf:oflag=3';
    expect(parseTerminalModes(saved)).toMatchObject({ saved, canonical: true, suspendKey: null });
  });
});
