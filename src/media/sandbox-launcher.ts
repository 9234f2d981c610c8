/**
 * The program that closes the sandbox and then becomes ffmpeg: Perl, without modules. The kernel's calls for name spaces
 * and mounts can be made neither by node nor, with all that is needed here, by the commands of a small Debian (no `ip`,
 * no `bwrap`); Perl's core is on every Debian.
 *
 * It is two processes. The first stays outside, waits, passes SIGTERM on and ends as the second does, so that whoever
 * waits for it sees ffmpeg's own end. The second is process 1 of the sandbox. Both die with whoever starts them.
 *
 * Words in front of `--` are names with values: `arch`, `parent` (process id), `uid` and `gid` (of the inside, where it is
 * started by root), `as`, `cpu`, `fsize` (limits; 0 is none), `port` (0 is none), `ro FROM AT`, `rw FROM AT`,
 * `link TARGET AT`, `dev PATH`. Over node's IPC channel come `{"pid":N}`, the second process as seen from outside, and once all is
 * closed `{"sandbox":"stands"}`, with a listening socket of the sandbox's own 127.0.0.1 where a port was asked for. The
 * channel is closed before ffmpeg starts, so nothing that ffmpeg reads can say so. At the end comes what it used: `{"cpuMs":N,"peakKib":N}`.
 */
export const LAUNCHER = String.raw`
use strict;
my (%o, @binds);
while (defined(my $word = shift @ARGV)) {
  last if $word eq '--';
  if ($word =~ /^(ro|rw|link)$/) { push @binds, [$word, shift @ARGV, shift @ARGV] }
  elsif ($word eq 'dev') { my $path = shift @ARGV; push @binds, ['dev', $path, $path] }
  else { $o{$word} = shift @ARGV }
}
my %number = $o{arch} eq 'arm64'
  ? (sendmsg => 211, prctl => 167, unshare => 97, mount => 40, umount2 => 39, pivot_root => 41, sethostname => 161, setsid => 157,
     setgroups => 159, setresgid => 149, setresuid => 147, openat => 56, prlimit64 => 261, mount_setattr => 442, getrusage => 165)
  : (sendmsg => 46, prctl => 157, unshare => 272, mount => 165, umount2 => 166, pivot_root => 155, sethostname => 170, setsid => 112,
     setgroups => 116, setresgid => 119, setresuid => 117, openat => 257, prlimit64 => 302, mount_setattr => 442, getrusage => 98);
sub sys { my ($name, @words) = @_; my $got = syscall($number{$name}, @words); die "sandbox: $name: $!\n" if $got == -1; $got }
sub dies_with_parent { sys('prctl', 1, 9, 0, 0, 0) }
sub put { my ($path, $text) = @_; open(my $file, '>', $path) or die "sandbox: $path: $!\n"; syswrite($file, $text) // die "sandbox: $path: $!\n" }

my ($NEWNS, $NEWCGROUP, $NEWUTS, $NEWIPC, $NEWUSER, $NEWPID, $NEWNET) = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000);
my ($RDONLY, $NOSUID, $NODEV) = (1, 2, 4);
my $root = $> == 0;
my ($uid, $gid) = $root ? ($o{uid} + 0, $o{gid} + 0) : ($> + 0, $) + 0);

dies_with_parent();
exit 125 if getppid() != $o{parent};
open(my $ipc, '+<&=', $ENV{NODE_CHANNEL_FD}) or die "sandbox: channel: $!\n";
fcntl($ipc, 2, 1);
if (!$root) {
  sys('unshare', $NEWUSER);
  put('/proc/self/setgroups', 'deny');
  put('/proc/self/uid_map', "$uid $uid 1");
  put('/proc/self/gid_map', "$gid $gid 1");
}
sys('unshare', $NEWPID);
pipe(my $alive, my $ours) or die "sandbox: pipe: $!\n";
my $pid = fork() // die "sandbox: fork: $!\n";
if ($pid) {
  close $alive;
  $SIG{$_} = sub { kill 'TERM', $pid } for 'TERM', 'INT', 'HUP';
  $0 = 'reelmill-sandbox';
  syswrite($ipc, "{\"pid\":$pid}\n");
  1 until waitpid($pid, 0) == $pid;
  my ($code, $signal) = ($? >> 8, $? & 127);
  my $usage = "\0" x 144;
  syscall($number{getrusage}, -1, $usage);
  my ($userS, $userUs, $systemS, $systemUs, $peakKib) = unpack('q5', $usage);
  my $cpu = $userS + $systemS + ($userUs + $systemUs) / 1e6;
  syswrite($ipc, sprintf("{\"cpuMs\":%d,\"peakKib\":%d}\n", $cpu * 1000, $peakKib));
  # The kernel kills at this limit and does not say why.
  $signal = 24 if $signal == 9 && $o{cpu} && $cpu >= $o{cpu} - 0.5;
  # Node thanks for a socket, and takes it for a fault where nobody is left to thank.
  my $heard = '';
  vec($heard, fileno($ipc), 1) = 1;
  select($heard, undef, undef, 5) if $o{port} && $code != 125;
  exit $code if !$signal;
  my $none = pack('QQ', 0, 0);
  sys('prlimit64', 0, 4, $none, 0);
  $SIG{TERM} = 'DEFAULT';
  kill $signal, $$;
  sleep 1;
  exit 128 + $signal;
}

eval {
  close $ours;
  dies_with_parent();
  sys('setsid');
  sys('unshare', $NEWNS | $NEWNET | $NEWIPC | $NEWUTS | $NEWCGROUP);
  my $name = 'sandbox';
  sys('sethostname', $name, length $name);
  my ($nothing, $slash, $tmp, $old, $tmpfs, $size) = ('none', '/', '/tmp', '/tmp/old', 'tmpfs', 'size=256k,nr_inodes=256,mode=755');
  sys('mount', $nothing, $slash, 0, 0x4000 | 0x40000, 0);
  opendir(my $proc, '/proc') or die "sandbox: /proc: $!\n";
  sys('mount', $tmpfs, $tmp, $tmpfs, $NOSUID | $NODEV, $size);
  mkdir $old;
  sys('pivot_root', $tmp, $old);
  chdir '/';
  for (@binds) {
    my ($how, $from, $at) = @$_;
    my ($path, @names) = ('', grep { length } split m{/}, $at);
    my $last = pop @names;
    for (@names) { $path .= "/$_"; mkdir $path }
    $path .= "/$last";
    if ($how eq 'link') { symlink($from, $path) or die "sandbox: $path: $!\n"; next }
    my $source = "/old$from";
    if (-d $source) { mkdir $path } else { open(my $file, '>>', $path) }
    sys('mount', $source, $path, 0, 0x1000 | 0x4000, 0);
    my $flags = pack('QQQQ', $NOSUID | ($how eq 'rw' ? 0 : $RDONLY) | ($how eq 'dev' ? 0 : $NODEV), 0, 0, 0);
    sys('mount_setattr', -100, $path, 0x8000, $flags, 32);
  }
  my $outside = '/old';
  sys('umount2', $outside, 2);
  rmdir $outside;
  my $closed = pack('QQQQ', $RDONLY | $NOSUID | $NODEV, 0, 0, 0);
  sys('mount_setattr', -100, $slash, 0, $closed, 32);

  my $listener;
  if ($o{port}) {
    socket(my $any, 2, 2, 0) or die "sandbox: socket: $!\n";
    my $up = pack('a16 S x22', 'lo', 0x41);
    ioctl($any, 0x8914, $up) or die "sandbox: lo: $!\n";
    socket($listener, 2, 1, 0) or die "sandbox: socket: $!\n";
    bind($listener, pack('S n a4 x8', 2, $o{port}, "\x7f\0\0\1")) && listen($listener, 64) or die "sandbox: listen: $!\n";
    # The flag belongs to the socket, not to us: node would wait in accept.
    fcntl($listener, 4, 2 | 04000) or die "sandbox: fcntl: $!\n";
  }

  if ($root) {
    sys('setgroups', 0, 0);
    sys('setresgid', $gid, $gid, $gid);
    sys('setresuid', $uid, $uid, $uid);
    # Else our own files in /proc would be root's.
    sys('prctl', 4, 1, 0, 0, 0);
    sys('unshare', $NEWUSER);
    for (['self/setgroups', 'deny'], ['self/uid_map', "$uid $uid 1"], ['self/gid_map', "$gid $gid 1"]) {
      my ($path, $text) = @$_;
      my $fd = sys('openat', fileno($proc) // die("sandbox: /proc\n"), $path, 1, 0);
      open(my $file, '>&=', $fd) or die "sandbox: $path: $!\n";
      syswrite($file, $text) // die "sandbox: $path: $!\n";
    }
  }
  closedir $proc;
  for (my $capability = 0; ; $capability++) { last if syscall($number{prctl}, 24, $capability, 0, 0, 0) == -1 }
  dies_with_parent();
  # Who died before that line was heard is seen here: its end of the pipe is closed.
  my $watched = '';
  vec($watched, fileno($alive), 1) = 1;
  exit 125 if select($watched, undef, undef, 0) > 0;
  sys('prctl', 38, 1, 0, 0, 0);
  for ([0, $o{cpu}], [1, $o{fsize}], [9, $o{as}], [7, 128], [6, 256], [4, 0]) {
    my ($resource, $most) = @$_;
    next if !$most && $resource != 4;
    my $limit = pack('QQ', $most, $most);
    sys('prlimit64', 0, $resource, $limit, 0);
  }
  if ($listener) {
    my $text = "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Server\",\"msg\":{\"sandbox\":\"stands\"}}\n";
    my $vector = pack('PQ', $text, length $text);
    my $control = pack('Q l l l x4', 20, 1, 1, fileno $listener);
    my $message = pack('Q L x4 P Q P Q l x4', 0, 0, $vector, 1, $control, 24, 0);
    sys('sendmsg', fileno $ipc, $message, 0);
  } else {
    syswrite($ipc, "{\"sandbox\":\"stands\"}\n");
  }
  %ENV = (PATH => '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  my ($program) = @ARGV;
  no warnings;
  exec { $program } @ARGV or print STDERR "$program: $!\n";
};
print STDERR $@ if $@;
exit($@ ? 125 : 127);
`;
