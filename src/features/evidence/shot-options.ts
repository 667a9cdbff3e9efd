import { EXIT, ProofError } from '../../core/errors.ts';
import type { Size, Wait } from './browser-machine.ts';

/** `1280x800`. @throws ProofError `usage.bad-value` */
export function readViewport(text: string, most: number): Size {
  const match = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text.trim());
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && inside(width) && inside(height)) return { width, height };
  throw wrong(
    `"${text.slice(0, 40)}" is no size of a window`,
    `it is width x height in pixels, each from 50 to ${most}`,
    'proof shot URL --viewport 1280x800',
  );

  function inside(pixels: number): boolean {
    return pixels >= 50 && pixels <= most;
  }
}

/**
 * `load`, `networkidle`, a time (`500`, `500ms`, `2s`), else a selector.
 *
 * @throws ProofError `usage.bad-value`
 */
export function readWait(text: string): Wait {
  const wanted = text.trim();
  if (wanted === 'load' || wanted === 'networkidle') return { for: wanted };
  const time = /^(\d{1,6})(ms|s)?$/.exec(wanted);
  if (time !== null) return { for: 'time', millis: Number(time[1]) * (time[2] === 's' ? 1000 : 1) };
  if (wanted !== '') return { for: 'selector', selector: wanted };
  throw wrong(
    'Nothing was named to wait for',
    'it is load, networkidle, a time or a selector',
    "proof shot URL --wait '#app .ready'",
  );
}

function wrong(message: string, why: string, remedy: string): ProofError {
  return new ProofError({ code: 'usage.bad-value', message, why, remedy, exit: EXIT.usage });
}
