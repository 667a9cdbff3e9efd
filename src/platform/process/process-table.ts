import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  /** One letter, proc(5): `T` is stopped, `Z` a zombie. */
  state: string;
  group: number;
  /** Process id of the session's leader. */
  session: number;
  /** Device number of the controlling terminal, 0 when there is none. */
  terminal: number;
  /** The foreground process group of that terminal. */
  foreground: number;
  /** CPU of the children it has waited for, in clock ticks. */
  childrenUserTicks: number;
  childrenSystemTicks: number;
}

/** One line of the kernel's process table; null where there is no /proc or no such process. */
export function readProcess(pid: number | 'self'): ProcessEntry | null {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The second field is the program's name in parentheses and may hold anything, ")" included.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const number = (field: number) => Number(fields[field - 3]);
  return {
    state: fields[0] ?? '',
    group: number(5),
    session: number(6),
    terminal: number(7),
    foreground: number(8),
    childrenUserTicks: number(16),
    childrenSystemTicks: number(17),
  };
}

/** Whether the kernel sends this process what is typed as Ctrl-C; unknown (no /proc) is null. */
export function inForeground(): boolean | null {
  const self = readProcess('self');
  return self && self.terminal !== 0 && self.foreground === self.group;
}

/** Every living descendant of `pid`, parents before children, without `pid` itself. */
export function descendants(pid: number): number[] {
  const tree = new Set([pid]);
  // A set is walked to the end it has by then, so what is added is looked at as well.
  for (const parent of tree) for (const child of children(parent)) tree.add(child);
  tree.delete(pid);
  return [...tree];
}

/** Those started last come last. */
export function children(pid: number): number[] {
  try {
    // Children hang on the thread that forked them.
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}
