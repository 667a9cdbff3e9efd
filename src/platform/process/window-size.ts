import { terminalSize } from './outer-terminal.ts';
import type { StdioLayout } from './stdio-layout.ts';

/** Keeps the inner terminal as large as the outer one; to be called when that may have changed. */
export function followWindowSize({ pty, inner }: StdioLayout): () => void {
  let known = pty?.size;
  return () => {
    const size = pty && terminalSize(pty.follows);
    if (!size || (size.columns === known?.columns && size.rows === known?.rows)) return;
    known = size;
    try {
      pty.resize(size);
    } catch {
      return; // The child has ended, its terminal is closed.
    }
    // To the session on the inner terminal the kernel tells it. A child in our own session was told
    // by the outer terminal, perhaps before the inner one had its new size: so once more.
    if (!inner) process.kill(0, 'SIGWINCH');
  };
}
