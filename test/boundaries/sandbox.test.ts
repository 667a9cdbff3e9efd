import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../system-programs.ts';
import { KEPT_SECRET, KEYS, newWorld, PEOPLE, policyOf, type World } from './sandbox-world.ts';

const programs = ['/usr/bin/bwrap', '/usr/bin/perl', 'git'];

for (const { who, words } of PEOPLE) {
  describeWith(programs)(`from inside a sandboxed run, ${who}`, () => {
    let world: World & { remove(): void };
    beforeAll(() => {
      world = newWorld(words);
    });
    afterAll(() => world.remove());

    describe('writing', () => {
      it('works in scope, and is recorded as enforced', () => {
        const ran = world.sh('echo more >> src/a.txt && mkdir src/new && echo b > src/new/b');
        expect(ran).toMatchObject({ code: 0, stderr: '' });
        expect(world.read('work/src/a.txt')).toContain('more');
        const entry = world.entry();
        expect(entry).toMatchObject({ kind: 'command', held: 'enforced' });
        expect(entry.body.sandbox).toMatchObject({ network: 'closed' });
        expect(entry.body.sandbox.by).toMatch(/^bubblewrap \d/);
        expect(entry.blobs.map(({ name }: { name: string }) => name)).toContain('sandbox');
      });

      const outside: Record<string, string> = {
        'a file beside the scope': 'echo x >> README.md',
        'a new name beside the scope': 'echo x > new.txt',
        'a file of the home directory': 'echo x > ~/new.txt',
        'the system': 'echo x > /usr/local/proof-escape',
        'the policy': 'echo "mode: observe" > proof.yaml',
        'the policy, by renaming over it': 'echo x > src/p && mv -f src/p proof.yaml',
        'a file beside the scope, by renaming over it': 'echo x > src/p && mv -f src/p README.md',
        'a file beside the scope, by removing it': 'rm -f README.md',
        'the workspace, by renaming a directory of it': 'mv src elsewhere',
        'the scope, through a link out of it': 'ln -sf ../README.md src/l && echo x > src/l',
        'a file beside the scope, through a hard link': 'ln README.md src/hard',
        'a path that does not exist yet': 'mkdir -p docs/new && echo x > docs/new/file',
        'its mode': 'chmod 777 README.md',
        'its times': 'touch -d 2001-01-01 README.md',
      };
      const look = () =>
        world.outside([
          'sh',
          '-c',
          'ls -A . ~; stat -c "%a %y %n" README.md proof.yaml; cat README.md proof.yaml',
        ]).stdout;
      for (const [what, script] of Object.entries(outside)) {
        it(`fails for ${what}, and says it may be the boundary`, () => {
          const before = look();
          const ran = world.sh(script);
          expect(ran.code).not.toBe(0);
          expect(look()).toBe(before);
          expect(ran.result.sandbox.suspects?.length ?? 0).toBeGreaterThan(0);
          const { held, body } = world.entry();
          expect(held).toBe('enforced');
          expect(body.sandbox.suspects).toEqual(ran.result.sandbox.suspects);
        });
      }
    });

    describe('the repository', () => {
      const untouched = () =>
        world.outside([
          'sh',
          '-c',
          'cat .git/config; ls -a .git/hooks .git/proof; ls .git | grep -v -e index -e COMMIT; git config --list --local',
        ]).stdout;
      const attempts: Record<string, string> = {
        'a new hook': 'echo evil > .git/hooks/pre-commit',
        'the hooks, moved away': 'mv .git/hooks .git/h && mkdir .git/hooks',
        'the settings': 'git config core.fsmonitor evil',
        'the settings, by renaming over them': 'echo evil > src/c && mv -f src/c .git/config',
        'the settings, by renaming the whole directory': 'mv .git .git-old',
        'the ledger': 'echo evil > .git/proof/evil',
        'the ledger, moved away': 'mv .git/proof .git/old',
        'the ledger’s contents': 'ls .git/proof/* > src/listed && test -s src/listed',
      };
      for (const [what, script] of Object.entries(attempts)) {
        it(`keeps ${what}`, () => {
          const before = untouched();
          expect(world.sh(script).code).not.toBe(0);
          expect(untouched()).toBe(before);
        });
      }

      it('commits, branches, rebases and stashes', () => {
        const ran = world.sh(
          [
            'echo 1 >> src/a.txt && git add src && git commit -qm second',
            'git checkout -q -b other HEAD~1 && echo o > src/o && git add src && git commit -qm third',
            'git rebase -q main && git checkout -q main && git merge -q --ff-only other',
            'git tag v1 && git branch -d other && echo s >> src/a.txt && git stash -q && git stash pop -q',
            'git gc -q && git fsck && git log --oneline | wc -l',
          ].join(' && '),
        );
        expect(ran).toMatchObject({ code: 0 });
        expect(ran.stdout.trim().at(-1)).toBe('3');
      });

      it('removes what would redirect git, and records that it did', () => {
        const ran = world.sh('echo ../src > .git/commondir');
        expect(world.exists('work/.git/commondir')).toBe(false);
        expect(ran.result.sandbox.removed).toEqual([join(world.work, '.git/commondir')]);
        expect(world.entry().body.sandbox.removed).toEqual([join(world.work, '.git/commondir')]);
      });

      it('holds hooks that do not exist, or that the settings have elsewhere', () => {
        world.outside(['sh', '-c', 'rm -rf .git/hooks; git config core.hooksPath src/hooks']);
        world.outside(['mkdir', '-p', 'src/hooks']);
        for (const script of [
          'mkdir -p .git/hooks; echo evil > .git/hooks/pre-commit',
          'echo evil > src/hooks/pre-commit',
          'mv src/hooks src/h && mkdir src/hooks',
        ])
          expect(world.sh(script).code).not.toBe(0);
        const found = world.outside(['sh', '-c', 'ls .git/hooks src/hooks']).stdout;
        expect(found).not.toContain('pre-commit');
        world.outside(['sh', '-c', 'git config --unset core.hooksPath; rmdir src/hooks']);
      });

      it('holds linked worktrees: their own settings, the common ones, and those of others', () => {
        world.outside(['git', 'worktree', 'add', '-q', '../linked', '-b', 'linked']);
        world.outside(['git', 'worktree', 'add', '-q', '../third', '-b', 'third']);
        const at = { cwd: join(world.dir, 'linked') };
        const common = join(world.work, '.git');
        for (const script of [
          `echo evil > ${common}/config`,
          `echo evil > ${common}/hooks/post-checkout`,
          `echo ${world.dir}/linked/src > ${common}/worktrees/linked/commondir`,
          `mv ${common}/worktrees/linked ${common}/worktrees/l`,
          `echo evil > ${common}/worktrees/third/gitdir`,
          `echo evil > ${common}/worktrees/third/config.worktree`,
          'echo gitdir: src > .git',
          'rm .git',
        ])
          expect([script, world.sh(script, at).code]).not.toEqual([script, 0]);
        world.sh(`echo evil > ${world.work}/README.md`, at);
        expect(world.read('work/README.md')).toBe('not in scope\n');
        expect(world.outside(['git', 'fsck'], at)).toMatchObject({ code: 0 });
        const commit = 'echo l >> src/a.txt && git commit -qam linked && git status --short';
        expect(world.sh(commit, at)).toMatchObject({ code: 0, stdout: '' });
      });

      it('holds submodules', () => {
        const make =
          'mkdir ../sub && cd ../sub && git init -q && echo x > f && git add . && git commit -qm s';
        world.outside(['sh', '-c', make]);
        const added = world.outside([
          ...['git', '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add'],
          ...['../sub', 'src/sub'],
        ]);
        expect(added).toMatchObject({ code: 0 });
        for (const script of [
          'echo evil > .git/modules/src/sub/config',
          'echo evil > .git/modules/src/sub/hooks/pre-commit',
          'mv .git/modules/src .git/modules/old',
          'echo gitdir: .. > src/sub/.git',
          'mv src/sub src/old',
        ])
          expect([script, world.sh(script).code]).not.toEqual([script, 0]);
        const commit = 'cd src/sub && echo y > f && git commit -qam inside';
        expect(world.sh(commit)).toMatchObject({ code: 0 });
      });
    });

    describe('reading', () => {
      it('shows no key, no credential, no history, nor our own signing key', () => {
        const found = world.sh('find ~ -type f -exec cat {} + 2>/dev/null; true').stdout;
        expect(found).not.toContain(KEPT_SECRET);
        expect(found).not.toContain('PRIVATE+KEY');
        for (const path of Object.keys(KEYS)) {
          const ran = world.sh(`cat ~/'${path}'`);
          expect([path, ran.stdout.includes(KEPT_SECRET)]).toEqual([path, false]);
        }
        expect(world.sh('find ~/.config/prooflayer -name "*.key"').stdout).toBe('');
      });

      it('does not believe HOME', () => {
        const real = world.outside(['perl', '-e', 'print((getpwuid $<)[7])']).stdout;
        const own = world.sh(`ls ${real}/.ssh ${world.home}/.ssh`, {
          env: { HOME: join(world.work, 'src') },
        });
        // The home that is neither HOME's nor the system's is only kept out by being under /tmp.
        expect(own.stdout).not.toContain('id_');
      });

      it('hides what the policy denies to all, and lets programs read what it denies to agents', () => {
        world.write('work/.env', 'TOKEN=1\n');
        world.write('work/secrets/key', 'k\n');
        world.write('work/src/.env.test', 'T=1\n');
        const policy = policyOf({
          write: ['**'],
          deny: ['src/.env*'],
          denyAll: ['.env', 'secrets/**'],
        });
        expect(world.sh('cat .env', { policy }).stdout).toBe('');
        expect(world.sh('cat secrets/key', { policy }).code).not.toBe(0);
        expect(world.sh('mv secrets s', { policy }).code).not.toBe(0);
        expect(world.sh('cat src/.env.test', { policy }).stdout).toBe('T=1\n');
        expect(world.sh('echo > src/.env.test', { policy }).code).not.toBe(0);
        expect(world.sh('mv src elsewhere', { policy }).code).not.toBe(0);
      });

      it('shows settings of package managers without the credentials in them', () => {
        world.write(
          'home/.npmrc',
          'registry=https://example.com/\n//example.com/:_authToken=sesame\n',
        );
        const { stdout } = world.sh('cat ~/.npmrc');
        expect(stdout).toBe('registry=https://example.com/\n');
      });
    });

    describe('the kernel', () => {
      const attempts: Record<string, string> = {
        'remount the root': 'mount -o remount,rw /',
        'remount a part of it': `mount -o remount,rw,bind ${'$PWD'}`,
        'bind another place over it': 'mount --bind src .',
        'unmount the walls': 'umount -l ~/.ssh || umount -l .git/hooks',
        'chroot out': 'chroot /proc/1/root ls',
        'make a device': 'mknod src/disk b 254 0 && head -c 1 src/disk',
        'open a disk': 'test -e /dev/vda && head -c 1 /dev/vda',
        'change a setting of the kernel': 'echo 1 > /proc/sys/kernel/sysrq',
        'write to sysfs': 'echo x > /sys/kernel/uevent_seqnum',
        'see a process outside': `test -e /proc/${process.pid}/root/etc`,
        'signal a process outside': `kill -0 ${process.pid}`,
        'enter another namespace': `nsenter -t ${process.pid} -m ls`,
        'become another user': 'setpriv --reuid=1 --clear-groups true',
        'gain by a set-uid program': 'su -c true nobody < /dev/null',
        'join the keyring': `perl -e 'exit(syscall(250, 0, -3, 0) < 0 ? 1 : 0)'`,
        'open a socket to the virtual machine’s host': `perl -e 'socket(my $s, 40, 1, 0) or exit 1'`,
      };
      for (const [what, script] of Object.entries(attempts)) {
        it(`cannot ${what}`, () => expect(world.sh(script).code).not.toBe(0));
      }

      it('gives nothing away to a user namespace made inside', () => {
        const script = [
          'mount -o remount,rw / ; mount -o remount,rw,bind . ; umount ~/.ssh ; umount -l .git/hooks',
          'echo x > README.md ; cat ~/.ssh/id_ed25519 ; echo x > .git/hooks/evil',
        ].join(' ; ');
        const ran = world.run(['unshare', '-Urm', 'sh', '-c', script]);
        expect(ran.stdout).not.toContain(KEPT_SECRET);
        expect(world.read('work/README.md')).toBe('not in scope\n');
        expect(world.exists('work/.git/hooks/evil')).toBe(false);
      });

      it('cannot type into the terminal, nor reach what watches over it', () => {
        const typed = `perl -e 'open(my $t, "+<", "/dev/tty") or open($t, "<&=", 0); my $c = "x"; exit(ioctl($t, 0x5412, $c) ? 0 : 1)'`;
        expect(world.sh(typed).code).toBe(1);
        // The parent's descriptors and memory would let it write its own report.
        const reach = 'readlink /proc/2/fd/*; cat /proc/2/environ; cat /proc/2/mem';
        expect(world.sh(reach).stdout).toBe('');
        const forged = world.sh('for fd in /proc/2/fd/*; do echo "x 0 0 0" > $fd; done; exit 3');
        expect(forged.result.exit).toEqual({ code: 3 });
      });

      it('runs code from memory as anywhere', () => {
        const number = { x64: 319, arm64: 279 }[process.arch as string];
        const script = `perl -e 'my $n = "x"; my $fd = syscall(${number}, $n, 0); open(my $m, ">&=", $fd) or die; open(my $b, "<", "/bin/true") or die; my $c = ""; sysread($b, $c, 1 << 20); syswrite($m, $c); exec "/proc/self/fd/$fd"'`;
        if (number !== undefined) expect(world.sh(script)).toMatchObject({ code: 0, stderr: '' });
      });
    });

    describe('descriptors', () => {
      it('hands down none but the streams and pipes', () => {
        const around =
          'exec 7< / 8>> README.md 20< README.md; $RUN sh -c "ls -l /proc/self/fd; cat <&20; ls /proc/self/fd/7/ /proc/1/fd /proc/3/fd"';
        const ran = world.run([], { around });
        expect(ran.stdout).not.toMatch(/README|bin$/m);
        const piped = world.run([], {
          around:
            'mkfifo src/fifo; (echo job > src/fifo &) ; exec 3< src/fifo; $RUN sh -c "cat <&3"',
        });
        expect(piped).toMatchObject({ stdout: 'job\n', stderr: '' });
      });

      it('gives a file as input only to be read', () => {
        const read = world.run([], { around: '$RUN cat < README.md' });
        expect(read.stdout).toBe('not in scope\n');
        const written = world.run([], {
          around: `$RUN sh -c 'echo x > /proc/self/fd/0' < README.md`,
        });
        expect(world.read('work/README.md')).toBe('not in scope\n');
        expect(written.code).toBe(0);
        const above = world.run([], { around: `$RUN sh -c 'cat /proc/self/fd/0/etc/passwd' < /` });
        expect(above.code).not.toBe(0);
      });
    });

    describe('the network and sockets', () => {
      let port = 0;
      const servers: Server[] = [];
      beforeAll(async () => {
        const listen = (place: number | string) =>
          new Promise<Server>((done) => {
            const server = createServer((socket) => socket.end('reached\n'));
            if (typeof place === 'number') server.listen(place, '127.0.0.1', () => done(server));
            else server.listen(place, () => done(server));
          });
        servers.push(await listen(0));
        port = ((servers[0] as Server).address() as AddressInfo).port;
        // Like an ssh-agent's in /tmp, a container engine's in the home, and our own page's.
        for (const path of ['agent.sock', 'home/docker.sock', 'work/src/ui.sock'])
          servers.push(await listen(join(world.dir, path)));
      });
      afterAll(() => {
        for (const server of servers) server.close();
      });
      const connect = (to: string) =>
        `perl -MIO::Socket::UNIX -e 'my $s = IO::Socket::UNIX->new(Peer => shift) or die "no: $!"; print <$s>' ${to}`;

      it('does not reach services on this machine', () => {
        const ran = world.sh(
          `perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new("127.0.0.1:${port}") or die "no: $!"; print <$s>'`,
        );
        expect(ran.stdout).toBe('');
        expect(ran.code).not.toBe(0);
      });

      it('does not reach sockets in /tmp, in the home, in the workspace', () => {
        for (const path of ['agent.sock', 'home/docker.sock', 'work/src/ui.sock']) {
          const ran = world.sh(connect(join(world.dir, path)));
          expect([path, ran.stdout]).toEqual([path, '']);
          expect(ran.code).not.toBe(0);
          expect(world.outside(['sh', '-c', `test -S ${join(world.dir, path)}`]).code).toBe(0);
        }
      });

      it('does not reach abstract sockets', async () => {
        const name = `\0proof-test-${process.pid}`;
        const server = createServer((socket) => socket.end('reached\n'));
        await new Promise<void>((done) => server.listen(name, done));
        servers.push(server);
        const ran = world.sh(
          `perl -e 'socket(my $s, 1, 1, 0); connect($s, pack("S a*", 1, "\\0proof-test-${process.pid}")) or die "no"; print <$s>'`,
        );
        expect(ran.stdout).toBe('');
      });

      it('serves and asks on its own loopback', () => {
        const ran = world.sh(
          `perl -MIO::Socket::INET -e 'my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1); if (!fork) { my $s = IO::Socket::INET->new("127.0.0.1:" . $l->sockport); print <$s>; exit } my $c = $l->accept; print $c "own\\n"; close $c; wait'`,
        );
        expect(ran).toMatchObject({ code: 0, stdout: 'own\n' });
      });

      it('gives a name no address, and says it may be the boundary', () => {
        const ran = world.sh(
          'getent hosts example.com || { echo "Could not resolve host"; exit 6; }',
        );
        expect(ran.code).toBe(6);
        expect(ran.result.sandbox.suspects).toMatchObject([{ path: 'network' }]);
      });
    });

    describe('processes', () => {
      it('leaves none behind: reported, ended, recorded', async () => {
        const ran = world.sh('setsid sleep 98765 > /dev/null 2>&1 & echo started');
        expect(ran.stdout).toBe('started\n');
        expect(ran.result.leftBehind).toEqual([{ command: 'sleep 98765', ended: true }]);
        expect(world.entry().body.leftBehind).toEqual([{ command: 'sleep 98765', ended: true }]);
        expect(world.outside(['pgrep', '-f', 'sleep 98765']).stdout).toBe('');
      });

      it('ends them when the command is killed', () => {
        const killed = world.sh('sleep 98766 & kill -9 $$');
        expect(killed.result.exit).toEqual({ signal: 'SIGKILL' });
        expect(world.outside(['pgrep', '-f', 'sleep 98766']).stdout).toBe('');
      });

      it('does not call those left behind that are about to end', () => {
        expect(world.sh('sleep 0.05 & true').result.leftBehind).toBeUndefined();
      });

      it('reports them without a sandbox as well, and leaves them alone', () => {
        const ran = world.sh('setsid sleep 9876 > /dev/null 2>&1 & echo started', {
          enforce: false,
        });
        const [left] = ran.result.leftBehind;
        expect(left).toMatchObject({ command: expect.stringMatching(/sleep 9876$/), ended: false });
        expect(readFileSync(`/proc/${left.pid}/comm`, 'utf8')).toBe('sleep\n');
        process.kill(left.pid);
        const entry = world.entry();
        expect(entry.held).toBe('observed');
        expect(entry.body.unenforced).toMatchObject({ why: 'asked' });
      });
    });
  });
}
