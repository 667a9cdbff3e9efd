import { createCipheriv } from 'node:crypto';
import { seeded } from '../secrets/synthetic.ts';
import { usualLine } from '../secrets/usual-lines.ts';

const PIECE = 1024 * 1024;

/** `size` bytes in pieces, the same every time. */
export function* patternOf(kind: string, size: number): Generator<Buffer> {
  const piece = kind === 'bytes' ? keyStream() : kind === 'lines' ? logLines() : oneLine();
  for (let left = size; left > 0; left -= PIECE) yield piece().subarray(0, Math.min(left, PIECE));
}

/**
 * Any bytes but `:` and `=`: chance writes `pwd=` and the like once in 300 MB, and what follows it
 * is then masked, as it would be in a text.
 */
function keyStream(): () => Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16, 2));
  const zeros = Buffer.alloc(PIECE);
  return () => {
    const piece = cipher.update(zeros);
    for (const sign of [0x3a, 0x3d])
      for (let at = piece.indexOf(sign); at >= 0; at = piece.indexOf(sign, at + 1)) piece[at] = 0;
    return piece;
  };
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
