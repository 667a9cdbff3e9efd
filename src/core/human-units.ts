/** Durations, sizes and ages as people say them. */

export function humanDuration(micros: number): string {
  if (micros < 1_000) return `${micros} µs`;
  const ms = micros / 1_000;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const s = ms / 1_000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(s % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function humanBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = '';
  for (const next of units) {
    value /= 1_000;
    unit = next;
    if (value < 999.5) break;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Thousands set apart by a narrow space: 4 133. */
export function humanCount(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return n === 1 ? `1 ${one}` : `${humanCount(n)} ${many}`;
}
