import {
  certainStart,
  exactField,
  exactText,
  type Field,
  fieldAfter,
  type Piece,
} from '../field.ts';
import { hasOption, readArguments, valuesOf } from '../options.ts';
import { type Find, named, type Reader, type Readers, reads, writes } from './reading.ts';

const curlSpec =
  '-o,--output: -O,--remote-name --output-dir: -T,--upload-file: -d,--data,--data-ascii,--data-binary,--data-urlencode,--json: --data-raw: -F,--form: --form-string: -K,--config: -c,--cookie-jar: -b,--cookie: -D,--dump-header: --trace: --trace-ascii: --stderr: -E,--cert: --key: --cacert: --netrc-file: -x,--proxy: --preproxy: -H,--header: --proxy-header: -A,--user-agent: -X,--request: -u,--user: -e,--referer: -w,--write-out: -m,--max-time: --connect-timeout: --libcurl: --etag-save: --etag-compare: --hsts: --alt-svc: --url: --retry: --retry-delay: --resolve: --connect-to: --unix-socket: -r,--range: -C,--continue-at: -y: -Y: -z: -P: -Q: -t: -U: --engine: --limit-rate: --max-redirs: --interface: --ciphers: --capath: --crlfile: --pubkey: --variable:';

const curl: Reader = (args) => {
  const found = readArguments(args, curlSpec);
  const finds: Find[] = writes(
    [
      ...valuesOf(found, '-o', '--libcurl', '--etag-save', '--hsts', '--alt-svc', '--stderr'),
      ...valuesOf(found, '-c', '-D', '--trace', '--trace-ascii'),
    ].filter(isFile),
  );
  const urls = [...found.operands, ...valuesOf(found, '--url')];
  if (hasOption(found, '-O')) {
    const isNamed = !hasOption(found, '-J', '--remote-header-name');
    finds.push(...downloads(urls, valuesOf(found, '--output-dir')[0], isNamed));
  }
  finds.push(
    ...reads(valuesOf(found, '-T', '-E', '--key', '--netrc-file', '--etag-compare').filter(isFile)),
  );
  for (const value of valuesOf(found, '-d', '-F', '-H', '-w', '-b', '--variable'))
    finds.push(...fileAfterAt(value));
  const cookie = valuesOf(found, '-b').filter((field) => !/=/.test(certainStart(field)));
  finds.push(...reads(cookie));
  if (hasOption(found, '-K')) finds.push({ kind: 'ask', why: 'its options are in a file' });
  if (hasOption(found, '--engine')) finds.push({ kind: 'ask', why: 'it loads a library' });
  for (const url of urls) {
    if (/^file:\/\//i.test(certainStart(url))) {
      const path = fieldAfter(url, /^file:\/\/[^/]*/i.exec(certainStart(url))![0].length);
      if (path) finds.push({ kind: 'read', path });
    }
  }
  return { finds, anywhere: true };
};

function isFile(field: Field): boolean {
  return exactText(field) !== '-';
}

/** Files that take their names from addresses, in the working directory or a folder. */
function downloads(urls: readonly Field[], folder: Field | undefined, named: boolean): Find[] {
  return urls.map((url) => {
    const text = exactText(url);
    const name =
      text === null ? null : /([^/?#]*)(?:[?#].*)?$/s.exec(text.replace(/^\w+:\/\/[^/]*/, ''))![1]!;
    const file: Piece =
      named && name !== null && !/[[\]{}%]/.test(name)
        ? name || 'index.html'
        : { unknown: 'the other side names the file' };
    return {
      kind: 'write',
      path: { pieces: folder ? [...folder.pieces, '/', file] : [file], splits: false },
    };
  });
}

/** `@file`, `name=@file`, `name@file`: what curl sends from files. */
function fileAfterAt(value: Field): Find[] {
  const text = certainStart(value);
  const at = text.indexOf('@');
  const less = text.indexOf('=<');
  const start = at >= 0 ? at + 1 : less >= 0 ? less + 2 : -1;
  if (start < 0) return [];
  const path = fieldAfter(value, start);
  const exact = exactText(path ?? undefined);
  if (exact !== null)
    return [{ kind: 'read', path: { pieces: [exact.split(';')[0]!], splits: false } }];
  return path ? [{ kind: 'read', path }] : [];
}

const wget: Reader = (args) => {
  const spec =
    '-O,--output-document: -o,--output-file: -a,--append-output: -P,--directory-prefix: -i,--input-file: --post-file: --body-file: --use-askpass: --config: -e,--execute: --load-cookies: --save-cookies: --header: -U,--user-agent: --user: --password: -t,--tries: -T,--timeout: -w,--wait: -Q: -l: -A: -R: -D: -I: -X: -B: --method: --post-data: --body-data: --certificate: --private-key: --warc-file: --spider --rejected-log:';
  const found = readArguments(args, spec);
  const outputs = valuesOf(
    found,
    '-O',
    '-o',
    '-a',
    '--save-cookies',
    '--warc-file',
    '--rejected-log',
  );
  const finds: Find[] = writes(outputs.filter(isFile));
  if (!hasOption(found, '-O', '--spider', '-V', '-h')) {
    const isNamed = !hasOption(
      found,
      '--content-disposition',
      '--trust-server-names',
      '-r',
      '-m',
      '-i',
    );
    const urls = found.operands.length > 0 ? found.operands : [exactField('')];
    finds.push(...downloads(urls, valuesOf(found, '-P')[0], isNamed));
  }
  finds.push(
    ...reads(
      valuesOf(
        found,
        '-i',
        '--post-file',
        '--body-file',
        '--load-cookies',
        '--private-key',
        '--certificate',
      ),
    ),
  );
  for (const field of valuesOf(found, '--use-askpass'))
    finds.push({ kind: 'run', fields: [field] });
  if (hasOption(found, '-e', '--config'))
    finds.push({ kind: 'ask', why: 'its settings can run commands' });
  return { finds, anywhere: true };
};

const openssl: Reader = (args) => {
  const finds: Find[] = [];
  for (const [index, field] of args.entries()) {
    const option = exactText(field);
    const value = args[index + 1];
    if (!value) continue;
    if (/^-(out|keyout|writerand)$/.test(option ?? '')) finds.push({ kind: 'write', path: value });
    else if (/^-(in|inkey|key|certin|CA|CAkey|CAfile|config|pass(in|out)?)$/.test(option ?? '')) {
      finds.push({ kind: 'read', path: value });
    } else if (/^-(engine|provider)$/.test(option ?? ''))
      finds.push({ kind: 'ask', why: 'it loads a library' });
  }
  return { finds };
};

/** `nc -e sh`, `socat EXEC:…`: the network gets a program. */
const pipes: Reader = (args) => {
  const found = readArguments(args, '-e,--exec,-c,--sh-exec: --lua-exec: -p: -w: -s: -x: -X:');
  const finds: Find[] = valuesOf(found, '-e', '--lua-exec').map((text) => ({
    kind: 'script',
    text,
  }));
  for (const field of args) {
    const run = /^(EXEC|SYSTEM|SHELL):(.*)$/is.exec(certainStart(field));
    if (run)
      finds.push({ kind: 'script', text: { pieces: [run[2]!.split(',')[0]!], splits: false } });
    const file = /^(OPEN|CREATE|FILE|GOPEN):([^,]*)/i.exec(certainStart(field));
    if (file)
      finds.push(
        ...writes([{ pieces: [file[2]!], splits: false }]),
        ...reads([{ pieces: [file[2]!], splits: false }]),
      );
  }
  if (finds.length > 0) finds.push({ kind: 'ask', why: 'a program is tied to the network' });
  return { finds };
};

/** Tools that write one output file, or one folder, and read what else they are given. */
const compiler: Reader = (args) => {
  const found = readArguments(
    args,
    '-o,--output,--out-dir,--outfile,--outdir,--outDir,--outFile: -I: -L: -D: -l: -B: -include: -specs? -wrapper: -fplugin? -x: -std? -T: -C: -toolexec: -exec: -vettool: -ldflags: -tags: -gcflags: -run: -c -S -E',
  );
  const finds: Find[] = writes(valuesOf(found, '-o'), {});
  for (const { name, value } of found.options) {
    if (/^-(toolexec|exec|vettool|wrapper)$/.test(name) && value)
      finds.push({ kind: 'script', text: value });
    if (/^-(fplugin|specs|B)/.test(name))
      finds.push({ kind: 'ask', why: `${name} makes it run other code` });
  }
  for (const path of found.operands) finds.push({ kind: 'mention', path });
  return { finds };
};

export const network: Readers = {
  curl,
  ...named('wget wget2', wget),
  openssl,
  ...named('nc ncat netcat socat', pipes),
  ...named('gcc cc g++ c++ clang clang++ ld as rustc esbuild tsc swc rollup', compiler),
  mktemp: (args) => ({
    finds: writes(valuesOf(readArguments(args, '-p,--tmpdir: --suffix:'), '-p')),
    anywhere: true,
  }),
  docker: (args) => containers(args),
  ...named('podman nerdctl', (args) => containers(args)),
  ...named('kubectl oc k3s microk8s', (args) => cluster(args)),
};

/** What runs in a container or on another machine is judged by name; its paths are not ours. */
function containers(args: readonly Field[]): { finds: Find[]; loose: boolean } {
  const global = readArguments(
    args,
    '-H,--host: -c,--context: --config: -l: -f,--file: -p,--project-name: --profile: --project-directory: --env-file:',
    { stops: true },
  );
  const [subcommand, ...after] = global.rest;
  const name = exactText(subcommand);
  if (name === 'compose' || name === 'container' || name === 'image') return containers(after);
  const finds: Find[] = args.map((path) => ({ kind: 'mention', path }));
  for (const field of args) {
    const value = /^--env-file=(.+)$/.exec(certainStart(field))?.[1];
    if (value) finds.push({ kind: 'read', path: { pieces: [value], splits: false } });
  }
  args.forEach((field, index) => {
    if (exactText(field) === '--env-file' && args[index + 1])
      finds.push({ kind: 'read', path: args[index + 1]! });
  });
  if (name !== 'exec' && name !== 'run' && name !== 'create') return { finds, loose: false };
  const spec =
    '-e,--env: -u,--user: -w,--workdir: -v,--volume: -p,--publish: -h,--hostname: -l,--label: -m,--memory: -a: -c: --env-file: --detach-keys: --name: --network,--net: --entrypoint: --mount: --add-host: --cap-add: --cap-drop: --device: --dns: --ip: --platform: --pull: --restart: --runtime: --security-opt: --shm-size: --tmpfs: --ulimit: --gpus: --cpus: --pid: --ipc: --userns: --volumes-from: --index: --cidfile: --log-driver: --log-opt: --stop-signal: --group-add: --expose: --link: --sysctl: --annotation: --cgroup-parent:';
  const found = readArguments(after, spec, { stops: true });
  const fields = found.rest.slice(1);
  if (fields.length > 0) finds.push({ kind: 'run', fields, elsewhere: true });
  const [entry] = valuesOf(found, '--entrypoint');
  if (entry) finds.push({ kind: 'run', fields: [entry, ...fields], elsewhere: true });
  return { finds, loose: true };
}

function cluster(args: readonly Field[]): { finds: Find[]; loose: boolean } {
  const dashes = args.findIndex((field) => exactText(field) === '--');
  const words = args.map((field) => exactText(field));
  const finds: Find[] = args.map((path) => ({ kind: 'mention', path }));
  const fields = dashes < 0 ? [] : args.slice(dashes + 1);
  const runs = words.includes('exec') || words.includes('run') || words.includes('debug');
  if (runs && fields.length > 0) finds.push({ kind: 'run', fields, elsewhere: true });
  else if (words.includes('exec')) {
    const at = words.indexOf('exec');
    const rest = readArguments(args.slice(at + 1), '-c: -n: -f:', { stops: true }).rest.slice(1);
    if (rest.length > 0) finds.push({ kind: 'run', fields: rest, elsewhere: true });
  }
  for (const path of valuesOf(
    readArguments(args, '-f,--filename: -k: -n: -l: -o: -c:'),
    '-f',
    '-k',
  )) {
    finds.push({ kind: 'read', path });
  }
  return { finds, loose: false };
}
