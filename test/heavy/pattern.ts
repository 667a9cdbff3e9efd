import { createCipheriv } from 'node:crypto';
import { seeded } from '../secrets/synthetic.ts';
import { usualLine } from '../secrets/usual-lines.ts';

const PIECE = 1024 * 1024;

/** `size` bytes in pieces, the same every time. */
export function* patternOf(kind: string, size: number): Generator<Buffer> {
  const piece = kind === 'bytes' ? keyStream() : kind === 'lines' ? logLines() : oneLine();
  for (let left = size; left > 0; left -= PIECE) yield piece().subarray(0, Math.min(left, PIECE));
}

function keyStream(): () => Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16, 2));
  const zeros = Buffer.alloc(PIECE);
  return () => cipher.update(zeros);
}

/** Lines that hold no secret, a megabyte of them over and over. */
function logLines(): () => Buffer {
  const random = seeded(1);
  let text = '';
  while (text.length < PIECE) text += `${usualLine(random)}\n`;
  const piece = Buffer.from(text).subarray(0, PIECE - 1);
  const lines = Buffer.concat([piece, Buffer.from('\n')]);
  return () => lines;
}

function oneLine(): () => Buffer {
  const piece = Buffer.from('{"a":[1,2,3],"text":"nothing to see"},'.repeat(PIECE / 38 + 1));
  return () => piece.subarray(0, PIECE);
}
