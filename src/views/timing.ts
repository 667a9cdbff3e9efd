/** The timing index of a command: which stream brought how many bytes, and when. */
export interface Burst {
  /** Microseconds since the command began. */
  at: number;
  stream: 'stdout' | 'stderr' | 'terminal';
  /** Bytes of the masked stream. */
  bytes: number;
}

const STREAMS = { o: 'stdout', e: 'stderr', t: 'terminal' } as const;

/** Reads the blob `timing`; lines of another form end it, as a hostile index must not mislead. */
export function parseTiming(text: string): Burst[] {
  const bursts: Burst[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const match = /^([0-9]{1,15}) ([oet]) ([0-9]{1,15})$/.exec(line);
    if (match === null) break;
    at += Number(match[1]);
    const stream = STREAMS[match[2] as keyof typeof STREAMS];
    bursts.push({ at, stream, bytes: Number(match[3]) });
  }
  return bursts;
}
