import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markMissing } from '../skips.ts';
import { describeWith } from '../system-programs.ts';
import { newWorld, PEOPLE, policyOf, type World } from './sandbox-world.ts';

/**
 * What people do all day, under the policy that `proof init` writes for such a workspace, with its
 * mode set to enforce: it must run as it does outside. docs/SANDBOX.md has the same table.
 */
const INITIAL = policyOf({
  write: ['**'],
  generated: ['node_modules/**', '.venv/**', 'target/**', '**/__pycache__/**', '.pytest_cache/**'],
  ask: ['package.json', 'pyproject.toml', 'Cargo.toml', '.github/**'],
  deny: ['.env*', '~/.ssh/**', '~/.gnupg/**', '~/.aws/**', '~/.kube/**', '~/.config/gcloud/**'],
});

const FILES: Readonly<Record<string, string>> = {
  'work/package.json': JSON.stringify({
    name: 'everyday',
    version: '1.0.0',
    type: 'module',
    scripts: { test: 'node --test' },
    dependencies: { dep: 'file:dep' },
  }),
  'work/package-lock.json': JSON.stringify({
    name: 'everyday',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'everyday', version: '1.0.0', dependencies: { dep: 'file:dep' } },
      dep: { version: '1.0.0', bin: { dep: 'bin.js' } },
      'node_modules/dep': { resolved: 'dep', link: true },
    },
  }),
  'work/dep/package.json': JSON.stringify({
    name: 'dep',
    version: '1.0.0',
    bin: { dep: 'bin.js' },
  }),
  'work/dep/bin.js': '#!/usr/bin/env node\nconsole.log("dep runs");\n',
  'work/some.test.js': 'import test from "node:test";\ntest("one", () => {});\n',
  'work/c/main.c': 'int main(void) { return 0; }\n',
  'work/c/Makefile': 'main: main.c\n\t$(CC) -o main main.c\nclean:\n\trm -f main\n',
  'work/py/test_one.py': 'def test_one(tmp_path):\n    assert tmp_path.exists()\n',
  'work/go/go.mod': 'module everyday\n\ngo 1.19\n',
  'work/go/main.go': 'package main\n\nfunc main() {}\n',
  'work/go/main_test.go': 'package main\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n',
  'work/rust/Cargo.toml': '[package]\nname = "everyday"\nversion = "0.1.0"\nedition = "2021"\n',
  'work/rust/src/lib.rs': '#[test]\nfn one() {}\n',
  'work/wheel.py': `import zipfile
with zipfile.ZipFile("demo-1.0-py3-none-any.whl", "w") as z:
    z.writestr("demo.py", "print('demo runs')")
    z.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
    z.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    z.writestr("demo-1.0.dist-info/RECORD", "demo.py,,\\ndemo-1.0.dist-info/METADATA,,\\ndemo-1.0.dist-info/WHEEL,,\\ndemo-1.0.dist-info/RECORD,,\\n")
`,
};

/** The line, the programs it needs, and what must be seen in its output. */
const COMMANDS: readonly [line: string, needs: readonly string[], shows: string | RegExp][] = [
  ['npm ci', ['npm'], /added|up to date/],
  ['npm test', ['npm'], 'pass 1'],
  ['npx --no-install dep', ['npm'], 'dep runs'],
  ['npm run test -- --test-reporter tap', ['npm'], 'ok 1'],
  ['git add -A && git commit -qm more && git log --oneline', ['git'], 'more'],
  [
    'echo x > x && git add x && git commit -qm x && git rebase HEAD~1 && git stash list',
    ['git'],
    '',
  ],
  ['cd py && python3 -m pytest -q', ['pytest'], '1 passed'],
  ['python3 -m venv .venv && .venv/bin/pip --version', ['python3', 'python3 -m ensurepip'], 'pip'],
  [
    'python3 wheel.py && .venv/bin/pip install -q --no-index ./demo-1.0-py3-none-any.whl && .venv/bin/python -m demo',
    ['python3', 'python3 -m ensurepip'],
    'demo runs',
  ],
  ['make -C c && ./c/main && make -C c clean && make -C c -j2', ['make', 'gcc'], 'main.c'],
  ['gcc -c c/main.c -o /tmp/main.o && gcc /tmp/main.o -o c/main && ./c/main', ['gcc'], ''],
  ['cd go && go build ./... && go test ./... && go vet ./...', ['go'], 'ok'],
  ['cd rust && cargo test --offline --quiet', ['cargo'], '1 passed'],
  [
    'python3 -m http.server 8766 --bind 127.0.0.1 2>/dev/null & server=$!; for i in 1 2 3 4 5 6 7 8 9; do sleep 0.3; python3 -c "import urllib.request as u; print(u.urlopen(\'http://127.0.0.1:8766/c/main.c\').read())" 2>/dev/null && break; done; kill $server; wait',
    ['python3'],
    'int main',
  ],
  ['vi -es -u NONE -c "1s/main/edited/" -c wq c/Makefile && head -1 c/Makefile', ['vi'], 'edited'],
  ['printf "1s/edited/main/\\nw\\nq\\n" | ed -s c/Makefile && head -1 c/Makefile', ['ed'], 'main:'],
  ['sed -i s/return/return\\ / c/main.c && cat c/main.c', ['sed'], 'return '],
  ['ls -R . ~ > /dev/null && find . -name "*.c"', ['find'], 'main.c'],
  [
    'tar cf all.tar c py && mkdir -p out && tar xf all.tar -C out && tar tf all.tar',
    ['tar'],
    'c/main.c',
  ],
  ["date > /tmp/kept && mktemp && node -e \"require('fs').mkdtempSync('/tmp/x-')\"", [], '/tmp/'],
  ['cat /tmp/kept', [], /\d\d:\d\d/],
  ['rm -rf node_modules .venv out target && mkdir node_modules', [], ''],
];

for (const { who, words } of PEOPLE) {
  describeWith(['/usr/bin/bwrap', '/usr/bin/perl', 'git'])(`under enforce, ${who}`, () => {
    let world: World & { remove(): void };
    beforeAll(() => {
      world = newWorld(words);
      for (const [path, text] of Object.entries(FILES)) world.write(path, text);
      world.write('work/.gitignore', 'node_modules\n.venv\ntarget\n');
      if (words.length > 0) spawnSync('chown', ['-R', '65534:65534', world.dir]);
    });
    afterAll(() => world.remove());

    for (const [line, needs, shows] of COMMANDS) {
      // Whose tools lie in root's own home, an ordinary user has not got.
      const without = needs.filter((name) => !runsFor(words, name));
      const title = `${line.slice(0, 70)} runs`;
      if (without.length > 0) {
        it.skip(markMissing(`${who}: ${title}`, without), () => {});
        continue;
      }
      it(title, () => {
        const ran = world.sh(line, { policy: INITIAL, env: toolsEnvironment(words) });
        expect(ran).toMatchObject({ code: 0 });
        expect(ran.stdout + ran.stderr).toMatch(shows);
        expect(ran.result.sandbox).toMatchObject({ network: 'closed' });
        expect(ran.result.sandbox.suspects).toBeUndefined();
        expect(ran.result.unwatched).toBeNull();
      });
    }

    it('and what the policy asks about is not written', () => {
      const ran = world.sh('echo x >> package.json', { policy: INITIAL });
      expect(ran.code).not.toBe(0);
      expect(ran.result.sandbox.suspects).toMatchObject([{ rule: 'scope.ask: package.json' }]);
    });
  });
}

function toolsEnvironment(words: readonly string[]): Record<string, string> {
  const path = [dirname(process.execPath), ...(words.length > 0 ? [] : [process.env.PATH ?? ''])];
  const own = ['CARGO_HOME', 'RUSTUP_HOME'].flatMap((name) => {
    const known = process.env[name] ?? `${process.env.HOME}/.${name.slice(0, -5).toLowerCase()}`;
    return words.length > 0 ? [] : [[name, known]];
  });
  return { PATH: [...path, '/usr/bin:/bin'].join(':'), ...Object.fromEntries(own) };
}

/** Whether this person has the program, and it starts: a shim may lead to nothing. */
function runsFor(words: readonly string[], name: string): boolean {
  const starts = ['ed', 'go', 'find', 'sed'].includes(name) ? '' : ` && ${name} --version`;
  const ask = ['sh', '-c', `command -v ${name.split(' ')[0]} > /dev/null${starts} < /dev/null`];
  const [file = '', ...rest] = [...words, ...ask];
  const { status } = spawnSync(file, rest, {
    env: { ...process.env, ...toolsEnvironment(words) },
    stdio: 'ignore',
    cwd: '/',
  });
  return status === 0;
}
