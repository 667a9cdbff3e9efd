/** Binary that looks random and is the same every time: `noise.ts 200` prints 200 MiB of it. */
import { writeSync } from 'node:fs';

export function* noise(mebibytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024);
  const words = new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.length / 4);
  let state = 0x9e3779b9;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  for (let turn = 0; turn < mebibytes; turn++) {
    for (let index = turn % 64; index < words.length; index += 64) words[index] = turn * 31 + index;
    yield chunk;
  }
}

if (process.argv[1] === import.meta.filename) {
  for (const chunk of noise(Number(process.argv[2]))) {
    for (let at = 0; at < chunk.length; ) at += writeSync(1, chunk, at);
  }
}
