import { certainStart, exactText, type Field, joined } from '../field.ts';
import { type Arguments, hasOption, readArguments, valuesOf } from '../options.ts';
import { type Find, named, type Reader, type Readers, reads, writes } from './reading.ts';

const HERE: Field = { pieces: ['.'], splits: false };

const tarSpec =
  '-f,--file: -C,--directory,--cd: -I,--use-compress-program: -T,--files-from: -X,--exclude-from: -F,--info-script,--new-volume-script: --to-command: --checkpoint-action: --checkpoint? --rsh-command: --rmt-command: --exclude: --transform,--xform: --owner: --group: --mode: --mtime: --strip-components: --one-top-level? -b: -g,--listed-incremental: -K: -L: -N: -V: -x,--extract,--get -c,--create -t,--list -r,--append -u,--update -A,--catenate --delete -d,--diff,--compare -O,--to-stdout -P,--absolute-names';

const tar: Reader = (args, _input, name) => {
  const found = readArguments(oldStyle(args), tarSpec);
  const finds = runsOf(found);
  const archives = valuesOf(found, '-f').filter((field) => exactText(field) !== '-');
  const [folder] = valuesOf(found, '-C');
  const cwd = folder ? { cwd: folder } : {};
  const isListOnly = hasOption(found, '-t', '-d');
  if (hasOption(found, '-x')) {
    finds.push(...reads(archives));
    if (!hasOption(found, '-O')) finds.push(...writes([folder ?? HERE], { deep: true }));
    if (hasOption(found, '-P'))
      finds.push({ kind: 'ask', why: 'the archive names where its files go' });
  } else if (isListOnly) finds.push(...reads(archives));
  else if (hasOption(found, '-c', '-r', '-u', '-A', '--delete') || name === 'bsdtar') {
    finds.push(...writes(archives), ...reads(found.operands, { deep: true, ...cwd }));
  }
  finds.push(...reads(valuesOf(found, '-X')), ...writes(valuesOf(found, '-g')));
  if (hasOption(found, '--remove-files'))
    finds.push(...writes(found.operands, { deep: true, ...cwd }));
  if (archives.some((field) => !isHere(field)) && !hasOption(found, '--force-local')) {
    finds.push({ kind: 'ask', why: 'the archive lies on another machine' });
  }
  if (hasOption(found, '-T'))
    finds.push({ kind: 'ask', why: 'a list nobody sees names the files' });
  // A file may be named like an option (`--checkpoint-action=…`), and a wildcard brings it in.
  if (found.operands.some((field) => startsWild(field))) {
    finds.push({ kind: 'ask', why: 'a wildcard can bring in a file that is named like an option' });
  }
  return { finds, anywhere: true };
};

/** `tar czf x.tgz …`: the first word without its dash; each of its letters takes its value in turn. */
function oldStyle(args: readonly Field[]): readonly Field[] {
  const letters = exactText(args[0]);
  if (letters === null || letters.startsWith('-') || !/^[A-Za-z]+$/.test(letters)) return args;
  const words: Field[] = [];
  let next = 1;
  for (const letter of letters) {
    words.push({ pieces: [`-${letter}`], splits: false });
    if (/[fCITXFbgKLNV]/.test(letter) && args[next]) words.push(args[next++]!);
  }
  return [...words, ...args.slice(next)];
}

function runsOf(found: Arguments): Find[] {
  const finds: Find[] = [];
  for (const { name, value } of found.options) {
    if (/^(-I|-F|--to-command|--rsh-command|--rmt-command)$/.test(name) && value) {
      finds.push({ kind: 'script', text: value });
    }
    if (name === '--checkpoint-action' && value) {
      const action = exactText(value);
      const command = /^exec=(.*)$/s.exec(action ?? '')?.[1];
      if (command !== undefined) {
        finds.push({ kind: 'script', text: { pieces: [command], splits: false } });
      } else if (action === null || !/^(dot|echo|bell|ttyout|totals|sleep|wait)/.test(action)) {
        finds.push({ kind: 'ask', why: 'it runs a command while it works' });
      }
    }
  }
  return finds;
}

function startsWild(field: Field): boolean {
  const first = field.pieces[0];
  return typeof first !== 'string' || first === ''
    ? field.pieces.some((p) => typeof p !== 'string' && 'wild' in p) && certainStart(field) === ''
    : false;
}

const zip: Reader = (args) => {
  const found = readArguments(
    args,
    '-TT,--unzip-command: -O,--out: -b: -n: -t: -tt: -i: -x: -P: -s: -r,--recurse-paths -m,--move -@ -T -d,--delete',
  );
  const finds: Find[] = valuesOf(found, '-TT').map((text) => ({ kind: 'script', text }));
  const [archive, ...paths] = found.operands;
  if (archive && exactText(archive) !== '-') finds.push({ kind: 'write', path: archive });
  finds.push(...reads(paths, { deep: hasOption(found, '-r') }), ...writes(valuesOf(found, '-O')));
  if (hasOption(found, '-m')) finds.push(...writes(paths));
  if (hasOption(found, '-@'))
    finds.push({ kind: 'ask', why: 'a list nobody sees names the files' });
  if (paths.some(startsWild)) {
    finds.push({ kind: 'ask', why: 'a wildcard can bring in a file that is named like an option' });
  }
  return { finds, anywhere: true };
};

const unzip: Reader = (args) => {
  const found = readArguments(args, '-d: -x: -P: -p -l -t -Z -v -c');
  const finds = reads(found.operands.slice(0, 1));
  const onlyReads = hasOption(found, '-p', '-l', '-t', '-Z', '-v', '-c');
  if (!onlyReads) finds.push(...writes([valuesOf(found, '-d')[0] ?? HERE], { deep: true }));
  return { finds, anywhere: true };
};

/** Archivers whose options are not read: what they name must be free to read and to write. */
const other: Reader = (args) => {
  const { operands } = readArguments(args, '');
  const finds: Find[] = [...reads(operands, { deep: true }), ...writes(operands)];
  finds.push({ kind: 'ask', why: 'the archive names the files it brings' });
  return { finds };
};

const rsync: Reader = (args) => {
  const spec =
    '-e,--rsh: --rsync-path: -f,--filter: --exclude: --include: --exclude-from: --include-from: --files-from: -T,--temp-dir: --partial-dir: --backup-dir: --log-file: --password-file: --port: --bwlimit: --chmod: --out-format: --suffix: --timeout: -B: --max-size: --link-dest: --compare-dest: --copy-dest: --delete --remove-source-files';
  const found = readArguments(args, spec);
  const finds: Find[] = valuesOf(found, '-e', '--rsync-path').map((text) => ({
    kind: 'script',
    text,
  }));
  finds.push(...writes(valuesOf(found, '--log-file', '--backup-dir', '--partial-dir')));
  const sources = found.operands.slice(0, -1);
  const target = found.operands.at(-1);
  finds.push(...reads(sources.filter(isHere), { deep: true }));
  if (hasOption(found, '--remove-source-files'))
    finds.push(...writes(sources.filter(isHere), { deep: true }));
  if (hasOption(found, '--files-from'))
    finds.push({ kind: 'ask', why: 'a list nobody sees names the files' });
  if (target && isHere(target)) finds.push({ kind: 'write', path: target, deep: true });
  if (found.operands.some(startsWild)) {
    finds.push({ kind: 'ask', why: 'a wildcard can bring in a file that is named like an option' });
  }
  return { finds, anywhere: true };
};

/** `host:path` and `rsync://…` lie on another machine. */
export function isHere(field: Field): boolean {
  return !/^[^/]*:/.test(certainStart(field));
}

const scp: Reader = (args) => {
  const spec = '-S: -o: -F: -J: -P: -i: -l: -c: -D: -X:';
  const found = readArguments(args, spec);
  const finds: Find[] = valuesOf(found, '-S').map((text) => ({ kind: 'script', text }));
  finds.push(...sshOptions(found));
  finds.push(
    ...reads(found.operands.slice(0, -1).filter(isHere), { deep: hasOption(found, '-r') }),
  );
  finds.push(...writes(found.operands.slice(-1).filter(isHere)));
  return { finds, anywhere: true };
};

const ssh: Reader = (args) => {
  const spec =
    '-B: -b: -c: -D: -E: -e: -F: -I: -i: -J: -L: -l: -m: -O: -o: -P: -p: -Q: -R: -S: -W: -w:';
  const found = readArguments(args, spec, { stops: true });
  const finds = [...sshOptions(found), ...writes(valuesOf(found, '-E'))];
  const command = found.rest.slice(1);
  if (command.length > 0) {
    const spaced = command.flatMap((word, index) =>
      index === 0 ? [word] : [{ pieces: [' '], splits: false }, word],
    );
    finds.push({ kind: 'script', text: joined(...spaced), elsewhere: true });
    // ssh joins the words and the other side reads them again; what they say here counts as well.
    finds.push({ kind: 'run', fields: command, elsewhere: true });
  }
  return { finds, loose: true, anywhere: true };
};

/** `-o ProxyCommand=…` and its like run here, not on the other machine. */
function sshOptions(found: Arguments): Find[] {
  const finds: Find[] = [];
  for (const { name, value, at } of found.options) {
    if (name === '-F') finds.push({ kind: 'ask', why: 'its configuration can run commands', at });
    if (name === '-I') finds.push({ kind: 'ask', why: 'it loads a library', at });
    if (name !== '-o' || !value) continue;
    const text = exactText(value);
    const set = /^\s*(\w+)\s*[= ]\s*(.*)$/s.exec(text ?? '');
    if (!set) finds.push({ kind: 'ask', why: 'an option of ssh cannot be read', at });
    else if (
      /command|provider$|^(include|xauthlocation|permitlocalcommand|match)$/i.test(set[1]!)
    ) {
      finds.push({ kind: 'script', text: { pieces: [set[2]!], splits: false } });
      finds.push({ kind: 'ask', why: `${set[1]} runs a command`, at });
    }
  }
  return finds;
}

export const archives: Readers = {
  ...named('tar gtar bsdtar', tar),
  zip,
  unzip,
  ...named('7z 7za 7zr cpio ar pax rar unrar', other),
  rsync,
  ...named('scp sftp', scp),
  ...named('ssh autossh mosh', ssh),
};
