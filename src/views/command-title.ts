import type { EntryOf } from '../core/entries/kinds.ts';
import { humanDuration } from '../core/human-units.ts';
import { commandLine } from './command-line.ts';
import type { Title } from './title.ts';

export function commandTitle({ body }: EntryOf<'command'>): Title {
  const title = commandLine(body);
  const gaps = body.streams.flatMap(({ gaps }) => gaps);
  const result = [
    exitText(body.exit) + partsText(body),
    humanDuration(body.durationMicros),
    ...(gaps.length > 0 ? ['output not whole'] : []),
  ].join(' · ');
  const quiet = body.exit.how === 'unknown';
  return { title, result, tone: quiet ? 'quiet' : body.exit.code === 0 ? 'good' : 'bad' };
}

export function exitText(exit: EntryOf<'command'>['body']['exit']): string {
  switch (exit.how) {
    case 'not-found':
      return 'not found (exit 127)';
    case 'not-executable':
      return 'not executable (exit 126)';
    case 'timed-out':
      return `timed out (${exit.signal ?? `exit ${exit.code}`})`;
    case 'unknown':
      return 'its end was not seen';
    default:
      return exit.signal === null ? `exit ${exit.code}` : `killed by ${exit.signal}`;
  }
}

/** What a pipeline's own exit code hides. */
export function partsText({ exit, shell }: EntryOf<'command'>['body']): string {
  const parts = shell?.statuses ?? [];
  const hidden = parts.slice(0, -1).some((code) => code !== 0 && code !== exit.code);
  return hidden ? ` (of its parts: ${parts.join(', ')})` : '';
}
