const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22 Aug 2026`, in UTC. */
export function dayText(time: number): string {
  if (!Number.isFinite(time)) return 'no day';
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** Days since 1970. */
export function dayOf(time: number): number {
  return Math.floor(time / 86_400_000);
}
