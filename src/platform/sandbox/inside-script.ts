/**
 * Two small programs around a sandboxed command, in Perl: it starts in a millisecond, and unlike a
 * shell it passes a process's environment, name, signals and end on exactly as they are.
 *
 * OUTSIDE runs before bubblewrap, in our own process group. What is typed or sent to the whole
 * group (Ctrl-C, a closing terminal, `kill -TERM -PGID`) is for the command, which may have its
 * own way of ending: bubblewrap must not die of it, and take the command with it.
 */
export const OUTSIDE = `
$SIG{$_} = 'IGNORE' for qw(HUP INT QUIT TERM USR1 USR2 ALRM TSTP TTIN TTOU);
exec { $ARGV[0] } @ARGV;
exit 125;
`;

/**
 * INSIDE is the command's parent. It hands down nothing but standard streams and pipes, carries
 * connections to the proxy, and writes lines about the command to the report:
 *
 * - \`p PID\`: it runs, under this number inside;
 * - \`e ERRNO\`: it could not be executed;
 * - \`x STATUS USER SYSTEM\`: its wait status, and CPU seconds;
 * - \`l PID HEX\`: a process that it left behind, and its command line.
 *
 * Not dumpable, so that the command cannot reach into it and write its own report.
 */
export const INSIDE = String.raw`
my ($report_fd, $spec_fd, $prctl, $setsid, $proxy) = @ARGV;
syscall($prctl + 0, 4, 0, 0, 0, 0) if $prctl;
open(my $report, '>>&=', $report_fd) or exit 125;
open(my $spec, '<&=', $spec_fd) or exit 125;
sub say_it { syswrite($report, join(' ', @_) . "\n") }
my $text = '';
while (sysread($spec, $text, 65536, length $text)) {}
close $spec;
my ($file, $count, @rest) = split /\0/, $text, -1;
pop @rest;
my @argv = splice(@rest, 0, $count);
my @env = @rest;

opendir(my $fds, '/proc/self/fd') or exit 125;
for my $fd (grep { /^\d+$/ && $_ > 2 && $_ != $report_fd && $_ != fileno($fds) } readdir $fds) {
  next if -p "/proc/self/fd/$fd";
  open(my $close, '<&=', $fd) and close $close;
}
closedir $fds;

my $relay = 0;
if ($proxy ne '') {
  socket(my $door, 2, 1, 0) or exit 125;
  bind($door, pack('S n C4 x8', 2, 0, 127, 0, 0, 1)) or exit 125;
  listen($door, 128) or exit 125;
  my $port = unpack('x2 n', getsockname($door));
  s/\@PROOF_PROXY_PORT\@/$port/ for @env;
  $relay = fork();
  if (defined $relay && $relay == 0) { close $report; carry($door) }
}

my $pid = fork();
exit 125 unless defined $pid;
if ($pid == 0) {
  $SIG{$_} = 'DEFAULT' for qw(HUP INT QUIT TERM USR1 USR2 ALRM TSTP TTIN TTOU);
  if ($setsid) { syscall($setsid + 0); ioctl(STDIN, 0x540e, 0) }
  %ENV = ();
  for (@env) { my ($name, $value) = /^(.[^=]*)=(.*)$/s or next; $ENV{$name} = $value }
  exec { $file } @argv;
  say_it('e', $! + 0);
  exit 127;
}
say_it('p', $pid);
1 while waitpid($pid, 0) == -1 && $! == 4;
my $status = $?;
my (undef, undef, $user, $system) = times;
say_it('x', $status, $user, $system);

my @left = others();
for (1 .. 200) { last unless @left; select(undef, undef, undef, 0.005); @left = others() }
for my $other (@left) {
  my $line = '';
  if (open(my $in, '<', "/proc/$other/cmdline")) { sysread($in, $line, 400) }
  if ($line eq '' && open(my $in, '<', "/proc/$other/comm")) { sysread($in, $line, 64); chomp $line }
  say_it('l', $other, unpack('H*', $line));
}
if (@left) {
  kill 'TERM', @left;
  for (1 .. 60) { last unless others(); select(undef, undef, undef, 0.005) }
}
exit 0;

sub others {
  opendir(my $proc, '/proc') or return;
  return grep {
    my $keep = 0;
    if (/^\d+$/ && $_ != 1 && $_ != $$ && $_ != $relay && open(my $in, '<', "/proc/$_/stat")) {
      sysread($in, my $stat, 512);
      $keep = $stat =~ /\) ([A-Z])/ && $1 ne 'Z' && $1 ne 'X';
    }
    $keep;
  } readdir $proc;
}

sub carry {
  my ($door) = @_;
  my (%peer, %out, %ended);
  my $unix = pack('S a108', 1, $proxy);
  while (1) {
    my ($r, $w) = ('', '');
    vec($r, fileno($door), 1) = 1;
    for my $fd (keys %peer) {
      my $other = fileno($peer{$fd}{to});
      vec($r, $fd, 1) = 1 unless $ended{$fd} || length($out{$other}) > 262144;
      vec($w, $fd, 1) = 1 if length $out{$fd};
    }
    next if select($r, $w, undef, undef) < 0;
    if (vec($r, fileno($door), 1) && accept(my $client, $door)) {
      my $server;
      if (socket($server, 1, 1, 0) && connect($server, $unix)) {
        for my $pair ([$client, $server], [$server, $client]) {
          my ($me, $to) = @$pair;
          fcntl($me, 4, fcntl($me, 3, 0) | 2048);
          $peer{fileno $me} = { me => $me, to => $to };
          $out{fileno $me} = '';
        }
      }
    }
    for my $fd (keys %peer) {
      next unless $peer{$fd};
      my $me = $peer{$fd}{me};
      my $to = $peer{$fd}{to};
      my $other = fileno($to);
      my $gone = 0;
      if (vec($r, $fd, 1)) {
        my $got = sysread($me, my $piece, 65536);
        if ($got) { $out{$other} .= $piece }
        elsif (defined $got) { $ended{$fd} = 1 }
        elsif ($! != 11 && $! != 4) { $gone = 1 }
      }
      if (length $out{$fd}) {
        my $put = syswrite($me, $out{$fd});
        if ($put) { substr($out{$fd}, 0, $put) = '' }
        elsif ($! != 11 && $! != 4) { $gone = 1 }
      }
      if ($ended{$fd} && !length $out{$other} && $ended{$fd} == 1) { $ended{$fd} = 2; shutdown($to, 1) }
      if ($gone || (($ended{$fd} || 0) == 2 && ($ended{$other} || 0) == 2)) {
        delete @peer{$fd, $other};
        delete @out{$fd, $other};
        delete @ended{$fd, $other};
        close $me;
        close $to;
      }
    }
  }
}
`;
