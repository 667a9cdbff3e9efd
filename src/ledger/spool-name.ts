import { isPending, type Pending } from './pending-run.ts';

export const NAME = '.name';

/** What is most needed of a note, in the 255 bytes that a name may have. */
export function nameOf({ run, pid, pidStart, task, size, gap }: Pending): string {
  const program = (gap.argv?.[0] ?? '').replace(/[^\w.+-]/g, '_').slice(-64);
  const times = [gap.from, gap.to ?? ''].map((at) => (at === '' ? '' : Date.parse(at)));
  const exit = gap.exit?.signal ?? gap.exit?.code ?? '';
  return [run, pid, pidStart ?? '', task ?? '', size, ...times, exit, program].join(',') + NAME;
}

/** The note that such a name is; none if it is another file's. */
export function pendingFrom(name: string): Pending[] {
  const match =
    /^([0-9a-f]{16}),(\d+),(\d*),(\d*),(\d+),(\d+),(\d*),(?:(SIG\w+)|(\d*)),([\w.+-]*)\.name$/.exec(
      name,
    );
  if (match === null) return [];
  const [run = '', pid, pidStart, task, size, from, to, signal, code, program = ''] =
    match.slice(1);
  const instant = (ms: string | undefined) => new Date(Number(ms)).toISOString();
  const ended = signal !== undefined || (code ?? '') !== '';
  const pending: Pending = {
    run,
    pid: Number(pid),
    pidStart: pidStart === '' ? null : (pidStart ?? null),
    task: task === '' ? null : Number(task),
    size: Number(size),
    gap: {
      what: 'command',
      why: 'the disk was full: the record could not be written, nor more of a note than this',
      from: instant(from),
      ...(to === '' ? {} : { to: instant(to) }),
      run,
      argv: [program],
      ...(ended
        ? { exit: { code: signal === undefined ? Number(code) : null, signal: signal ?? null } }
        : {}),
    },
  };
  return isPending(pending) ? [pending] : [];
}
