import { failurePlace } from './failure-place.ts';

/** The lines of a Go failure that say something, without those that only frame it. */
export function goMessage(output: string): {
  message: string;
  place: ReturnType<typeof failurePlace>;
} {
  const message = output
    .replace(/^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:FAIL|PASS|SKIP):).*$/gm, '')
    .trim();
  return { message, place: failurePlace(message) };
}
