import { exactText, type Field } from '../field.ts';
import { type Find, type Reader, type Readers, reads, writes } from './reading.ts';
import { foundBelow, replaced } from './wrappers.ts';

/** `find`: it lists names; actions run programs, delete, or write lists. */
const find: Reader = (args) => {
  const finds: Find[] = [];
  const first = args.findIndex(
    (field) => /^[-(!,]/.test(exactText(field) ?? 'x') && !isGlobal(field),
  );
  const head = (first < 0 ? args : args.slice(0, first)).filter((field) => !isGlobal(field));
  const starts = head.length > 0 ? head : [{ pieces: ['.'], splits: false }];
  finds.push(...starts.map((path): Find => ({ kind: 'read', path, isListing: true })));
  for (let at = 0; at < args.length; at++) {
    const action = exactText(args[at]) ?? '';
    if (/^-(exec|execdir|ok|okdir)$/.test(action)) {
      const stop = endOf(args, at + 1);
      const fields = args.slice(at + 1, stop);
      if (stop === args.length) finds.push({ kind: 'ask', why: `${action} does not end` });
      for (const start of starts) {
        finds.push({ kind: 'run', fields: replaced(fields, '{}', belowOf(start)) });
      }
      at = stop;
    } else if (action === '-delete') finds.push(...writes(starts, { deep: true }));
    else if (/^-f(print0?|ls|printf)$/.test(action))
      finds.push(...writes(args.slice(at + 1, at + 2)));
    else if (action === '-files0-from') {
      finds.push({ kind: 'ask', why: 'a list nobody sees names where it begins' });
    } else if (/^-(newer\w*|samefile)$/.test(action)) {
      finds.push(...reads(args.slice(at + 1, at + 2)).map((one) => ({ ...one, isListing: true })));
    }
  }
  return { finds, anywhere: true };
};

function isGlobal(field: Field): boolean {
  return /^-([HLPEXdsx]|O\d|D\w*)$/.test(exactText(field) ?? '');
}

function endOf(args: readonly Field[], from: number): number {
  for (let at = from; at < args.length; at++) {
    const text = exactText(args[at]);
    if (text === ';' || (text === '+' && exactText(args[at - 1]) === '{}')) return at;
  }
  return args.length;
}

function belowOf(start: Field): Field {
  const text = exactText(start);
  return text === null
    ? { pieces: [{ unknown: 'where find begins' }], splits: false }
    : foundBelow(text);
}

export const searches: Readers = { find, gfind: find };
