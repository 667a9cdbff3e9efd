import { exactText, type Field } from '../field.ts';
import { hasOption, readArguments, valuesOf } from '../options.ts';
import { type Find, named, type Reader, type Readers, reads, writes } from './reading.ts';

const sed: Reader = (args) => {
  const spec =
    '-e,--expression: -f,--file: -i,--in-place? -l,--line-length: -n,--quiet,--silent -s -u -z -E -r --sandbox --posix';
  const found = readArguments(args, spec);
  const given = hasOption(found, '-e', '-f');
  const files = given ? found.operands : found.operands.slice(1);
  const scripts = given ? valuesOf(found, '-e') : found.operands.slice(0, 1);
  const finds: Find[] = [...reads(files), ...(hasOption(found, '-i') ? writes(files) : [])];
  if (hasOption(found, '-f')) {
    finds.push({
      kind: 'ask',
      why: 'the commands of sed are in a file',
      at: found.options.find(({ name }) => name === '-f')!.at,
    });
  }
  for (const script of scripts) finds.push(...sedScript(exactText(script)));
  return { finds, anywhere: true };
};

/** Commands of sed that reach beyond its input: `e` runs, `w` writes, `r` reads. */
function sedScript(script: string | null): Find[] {
  if (script === null) return [{ kind: 'ask', why: 'the commands of sed cannot be read' }];
  const finds: Find[] = [];
  let at = 0;
  const skip = (what: RegExp) => {
    what.lastIndex = at;
    at += what.exec(script)?.[0].length ?? 0;
  };
  const delimited = (delimiter: string): boolean => {
    for (; at < script.length; at++) {
      if (script[at] === '\\') at++;
      else if (script[at] === '[' && delimiter !== '[') {
        const close = script.indexOf(']', at + (script[at + 1] === '^' ? 3 : 2));
        if (close > 0 && !script.slice(at, close).includes('\n')) at = close;
      } else if (script[at] === delimiter) {
        at++;
        return true;
      }
    }
    return false;
  };
  const plain = (delimiter: string): boolean => {
    for (; at < script.length; at++) {
      if (script[at] === '\\') at++;
      else if (script[at] === delimiter) {
        at++;
        return true;
      }
    }
    return false;
  };
  const address = (): boolean => {
    skip(/[0-9]+(~[0-9]+)?|\$|[+~][0-9]+/y);
    if (script[at] === '/' || script[at] === '\\') {
      if (script[at] === '\\') at++;
      const delimiter = script[at++];
      if (delimiter === undefined || !delimited(delimiter)) return false;
      skip(/[IM]*/y);
    }
    return true;
  };
  const unreadable: Find[] = [...finds, { kind: 'ask', why: 'the commands of sed cannot be read' }];
  while (at < script.length) {
    skip(/[\s;]*/y);
    if (!address()) return unreadable;
    skip(/\s*/y);
    if (script[at] === ',') {
      at++;
      skip(/\s*/y);
      if (!address()) return unreadable;
    }
    skip(/[\s!]*/y);
    const command = script[at++];
    if (command === undefined) break;
    if (command === 's' || command === 'y') {
      const delimiter = script[at++];
      if (delimiter === undefined || !delimited(delimiter) || !plain(delimiter)) return unreadable;
      if (command === 'y') continue;
      const flags = /[gpiImM0-9e]*/y;
      flags.lastIndex = at;
      const found = flags.exec(script)?.[0] ?? '';
      at += found.length;
      if (found.includes('e')) finds.push({ kind: 'ask', why: 'sed runs what it makes of a line' });
      if (script[at] === 'w') {
        at++;
        finds.push(...fileOf('write'));
      }
    } else if (/[rRwW]/.test(command)) {
      finds.push(...fileOf(/[wW]/.test(command) ? 'write' : 'read'));
    } else if (command === 'e') {
      finds.push({ kind: 'ask', why: 'sed runs a command' });
      const line = /[^\n]*/y;
      line.lastIndex = at;
      const text = line.exec(script)?.[0].trim() ?? '';
      if (text !== '') finds.push({ kind: 'script', text: { pieces: [text], splits: false } });
      at = script.indexOf('\n', at) < 0 ? script.length : script.indexOf('\n', at);
    } else if (/[aic]/.test(command)) {
      // Text up to the end of the line, further lines after a backslash.
      skip(/(?:\\[\s\S]|[^\n\\])*/y);
    } else if (/[:btT]/.test(command)) skip(/[^\n;}]*/y);
    else if (/[lqQL]/.test(command)) skip(/\s*[0-9]*/y);
    else if (command === '#') skip(/[^\n]*/y);
    else if (!/[{}=dDgGhHnNpPxzF]/.test(command)) return unreadable;
  }
  return finds;

  function fileOf(kind: 'read' | 'write'): Find[] {
    const end = script!.indexOf('\n', at) < 0 ? script!.length : script!.indexOf('\n', at);
    const path = script!.slice(at, end).trim();
    at = end;
    return [{ kind, path: { pieces: [path], splits: false } }];
  }
}

const awk: Reader = (args) => {
  const spec =
    '-F,--field-separator: -v,--assign: -f,--file: -e,--source: -i,--include: -l,--load: -E,--exec: -o? -d? -p? -D? -W:';
  const found = readArguments(args, spec, { stops: true });
  const given = hasOption(found, '-f', '-e', '-E');
  const programs = given ? valuesOf(found, '-e') : found.rest.slice(0, 1);
  const files = given ? found.rest : found.rest.slice(1);
  const finds: Find[] = [
    ...reads(files.filter((field) => !/^[A-Za-z_]\w*=/.test(exactText(field) ?? ''))),
  ];
  for (const option of found.options) {
    if (['-f', '-i', '-l', '-E'].includes(option.name)) {
      finds.push({ kind: 'ask', why: 'the program of awk is in a file', at: option.at });
    }
    if (/^-[opd]$/.test(option.name) && option.value)
      finds.push({ kind: 'write', path: option.value });
  }
  for (const program of programs) finds.push(...awkProgram(program));
  return { finds, anywhere: true };
};

/** What an awk program reaches beyond its input by: commands, pipes, files. */
function awkProgram(program: Field): Find[] {
  const text = exactText(program);
  if (text === null) return [{ kind: 'ask', why: 'the program of awk cannot be read' }];
  const finds: Find[] = [];
  const strings = [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g)].map(([, inner = '']) => inner);
  // Strings become `"`, so that what is in them is no operator; regular expressions stay.
  const bare = text.replace(/#[^\n]*/g, '').replace(/"(?:[^"\\]|\\[\s\S])*"/g, '"');
  const withoutRegex = bare.replace(/(^|[(,!~&|{;\s])\/(?:[^/\\\n]|\\.)+\//g, '$1 ');
  const runs =
    /\bsystem\b|\|&|(?<!\|)\|(?!\|)|@/.test(withoutRegex) ||
    /\bsystem\s*\(|"\s*\|(?!\|)|\|\s*"/.test(bare);
  if (runs) {
    finds.push({ kind: 'ask', why: 'awk runs a command' });
    for (const one of strings)
      finds.push({ kind: 'script', text: { pieces: [one], splits: false } });
  }
  if (/\b(ARGV|ARGC|PROCINFO)\b[^=!<>~]*=(?!=)/.test(bare)) {
    finds.push({ kind: 'ask', why: 'awk is told at run time what to read' });
  }
  for (const [, target = ''] of text.matchAll(
    /\bgetline\b[^<;}\n]*<\s*("(?:[^"\\]|\\.)*"|[^;}\n]*)/g,
  )) {
    finds.push(awkFile('read', target));
  }
  for (const [, target = ''] of text.matchAll(
    /\bprintf?\b(?:"(?:[^"\\]|\\.)*"|[^;}\n>"])*>>?\s*("(?:[^"\\]|\\.)*"|[^;}\n]*)/g,
  )) {
    finds.push(awkFile('write', target));
  }
  return finds;
}

function awkFile(kind: 'read' | 'write', target: string): Find {
  const found = /^"((?:[^"\\]|\\.)*)"\s*$/.exec(target.trim());
  if (!found || found[1]!.includes('\\')) {
    return { kind: 'ask', why: `awk may ${kind} a file that cannot be read from the text` };
  }
  return { kind, path: { pieces: [found[1]!], splits: false } };
}

export const editorsOfStreams: Readers = {
  ...named('sed gsed', sed),
  ...named('awk gawk mawk nawk original-awk', awk),
};
