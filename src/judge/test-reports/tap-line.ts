/** One line of TAP 13 or 14, without its indent. */
export type TapLine =
  | { is: 'version' }
  | { is: 'plan'; count: number; skipAll: boolean }
  | {
      is: 'point';
      ok: boolean;
      name: string;
      directive: 'skip' | 'todo' | null;
      reason: string;
      durationMicros: number | undefined;
      /** Its subtest follows in braces. */
      opens: boolean;
    }
  | { is: 'bail-out'; reason: string }
  | { is: 'comment'; text: string }
  | { is: 'yaml' }
  | { is: 'close' }
  | { is: 'other' };

/** Reads a line as the TAP specification has it; anything it does not know is `other`. */
export function tapLine(line: string): TapLine {
  switch (line.charCodeAt(0)) {
    case 0x23: // #
      return { is: 'comment', text: line.slice(1).trim() };
    case 0x2d: // -
      return line.trimEnd() === '---' ? { is: 'yaml' } : { is: 'other' };
    case 0x7d: // }
      return line.trimEnd() === '}' ? { is: 'close' } : { is: 'other' };
    case 0x31: // 1
      return plan(line);
    case 0x6f: // o
    case 0x6e: // n
      return point(line);
    case 0x42: // B
      return line.startsWith('Bail out!')
        ? { is: 'bail-out', reason: line.slice(9).trim() }
        : { is: 'other' };
    case 0x54: // T
      return /^TAP version \d+\s*$/.test(line) ? { is: 'version' } : { is: 'other' };
    default:
      return { is: 'other' };
  }
}

function plan(line: string): TapLine {
  const match = /^1\.\.(\d{1,9})\s*(?:#\s*(.*))?$/.exec(line);
  if (match === null) return { is: 'other' };
  return { is: 'plan', count: Number(match[1]), skipAll: /^skip/i.test(match[2] ?? '') };
}

function point(line: string): TapLine {
  // The number may be left out by the letter; but a program that prints "ok" is no test.
  const match = /^(not )?ok \d{1,9}(?=\s|$)(?:\s+-(?=\s|$))?/.exec(line);
  if (match === null) return { is: 'other' };
  const rest = line.slice(match[0].length).trim();
  const opens = rest.endsWith('{');
  const said = opens ? rest.slice(0, -1).trimEnd() : rest;
  const at = directiveAt(said);
  const directive = at < 0 ? '' : said.slice(at + 1).trim();
  const kind = /^(skip|todo)/i.exec(directive);
  const time = /^time=(\d+(?:\.\d+)?)(ms|s)\b/.exec(directive);
  const known = kind !== null || time !== null;
  return {
    is: 'point',
    ok: match[1] === undefined,
    name: plainName(known ? said.slice(0, at) : said).trim(),
    directive: kind === null ? null : ((kind[1] as string).toLowerCase() as 'skip' | 'todo'),
    reason: kind === null ? '' : directive.slice(4).trim(),
    durationMicros:
      time === null ? undefined : Math.round(Number(time[1]) * (time[2] === 's' ? 1e6 : 1e3)),
    opens,
  };
}

/** Where the last `#` stands that is not escaped and has a space or nothing before it. */
function directiveAt(text: string): number {
  if (text.startsWith('#') && !text.includes(' #')) return 0;
  const at = text.lastIndexOf(' #');
  return at < 0 ? -1 : at + 1;
}

function plainName(text: string): string {
  return text.includes('\\') ? text.replace(/\\([#\\])/g, '$1') : text;
}
