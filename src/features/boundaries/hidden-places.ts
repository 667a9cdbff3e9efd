import type { Look, Mount, SandboxPlaces } from './mount-plan.ts';
import { isWithin, type MountTable } from './mount-table.ts';

/**
 * What a sandboxed command must not even read: keys and credentials of the user, sessions of
 * browsers and agents, histories of shells (they hold what was typed), and our own keys. Relative
 * to the home directory; what does not exist costs nothing.
 */
export const HIDDEN_IN_HOME: readonly string[] = [
  // Keys and their agents.
  ...[
    '.ssh',
    '.gnupg',
    '.pki',
    '.password-store',
    '.local/share/keyrings',
    '.local/share/kwalletd',
  ],
  ...[
    '.config/sops',
    '.config/age',
    '.age',
    '.minisign',
    '.putty',
    '.config/op',
    '.config/1Password',
  ],
  ...['.config/Bitwarden CLI', '.config/keepassxc', '.config/rclone', '.lpass', '.gitsign'],
  // Clouds and what is run in them.
  ...['.aws', '.azure', '.config/gcloud', '.config/oci', '.oci', '.kube', '.config/doctl', '.fly'],
  ...['.config/hcloud', '.config/scw', '.config/linode-cli', '.config/heroku', '.config/flyctl'],
  ...['.config/helm', '.minikube', '.vault-token', '.config/vault', '.terraform.d', '.terraformrc'],
  ...['.pulumi', '.config/netlify', '.netlify', '.vercel', '.local/share/com.vercel.cli'],
  ...[
    '.config/configstore',
    '.config/wrangler',
    '.wrangler',
    '.config/.wrangler',
    '.config/supabase',
  ],
  ...['.bluemix', '.aliyun', '.config/stripe', '.config/ngrok', '.ngrok2', '.cloudflared'],
  // Containers.
  ...[
    '.docker',
    '.config/containers',
    '.local/share/containers',
    '.config/docker',
    '.colima',
    '.lima',
  ],
  // Code hosts and package registries.
  ...[
    '.netrc',
    '_netrc',
    '.authinfo',
    '.authinfo.gpg',
    '.git-credentials',
    '.config/git/credentials',
  ],
  ...['.config/gh', '.config/hub', '.config/glab-cli', '.config/tea', '.config/github-copilot'],
  ...['.pypirc', '.gem/credentials', '.local/share/gem/credentials', '.cargo/credentials'],
  ...['.cargo/credentials.toml', '.m2/settings.xml', '.m2/settings-security.xml'],
  ...[
    '.gradle/gradle.properties',
    '.nuget/NuGet',
    '.composer/auth.json',
    '.config/composer/auth.json',
  ],
  ...[
    '.bundle/config',
    '.hex',
    '.s3cfg',
    '.boto',
    '.pgpass',
    '.my.cnf',
    '.mylogin.cnf',
    '.dbshell',
  ],
  // Browsers and mail.
  ...['.mozilla', '.thunderbird', '.config/google-chrome', '.config/google-chrome-beta', '.snap'],
  ...['.config/chromium', '.config/BraveSoftware', '.config/microsoft-edge', '.config/vivaldi'],
  ...[
    '.config/opera',
    '.librewolf',
    '.var',
    'snap',
    '.config/Signal',
    '.config/Slack',
    '.config/discord',
  ],
  ...[
    '.config/evolution',
    '.local/share/evolution',
    '.purple',
    '.irssi',
    '.config/weechat',
    '.mutt',
  ],
  // Coding agents: their sign-ins and the transcripts of other work.
  ...['.claude', '.claude.json', '.codex', '.gemini', '.config/opencode', '.local/share/opencode'],
  ...['.config/goose', '.local/share/goose', '.continue', '.aider', '.config/Cursor', '.cursor'],
  ...[
    '.config/Code/User/globalStorage',
    '.config/crush',
    '.local/share/crush',
    '.copilot',
    '.qwen',
  ],
  // What was typed.
  ...['.bash_history', '.zsh_history', '.local/share/fish', '.histfile', '.python_history'],
  ...[
    '.node_repl_history',
    '.psql_history',
    '.mysql_history',
    '.sqlite_history',
    '.rediscli_history',
  ],
  ...[
    '.lesshst',
    '.viminfo',
    '.local/state/bash',
    '.Xauthority',
    '.ICEauthority',
    '.xsession-errors',
  ],
];

/** For a superuser, whom permissions keep from nothing. */
export const HIDDEN_FROM_SUPERUSER: readonly string[] = [
  ...[
    '/etc/shadow',
    '/etc/shadow-',
    '/etc/gshadow',
    '/etc/gshadow-',
    '/etc/sudoers',
    '/etc/sudoers.d',
  ],
  ...[
    '/etc/ssl/private',
    '/etc/pki/tls/private',
    '/etc/krb5.keytab',
    '/etc/wireguard',
    '/etc/ipsec.d',
  ],
  ...[
    '/etc/letsencrypt',
    '/etc/NetworkManager/system-connections',
    '/etc/openvpn',
    '/etc/kubernetes',
  ],
  ...['/etc/ssh/ssh_host_rsa_key', '/etc/ssh/ssh_host_ecdsa_key', '/etc/ssh/ssh_host_ed25519_key'],
  ...['/etc/ssh/ssh_host_dsa_key', '/etc/docker', '/etc/rancher', '/etc/credstore'],
  ...['/etc/credstore.encrypted', '/var/lib/docker', '/var/lib/containerd', '/var/lib/kubelet'],
  ...[
    '/var/lib/cloud',
    '/var/lib/systemd/credential.secret',
    '/var/lib/sss/secrets',
    '/var/spool/cron',
  ],
];

/** Hides them, each where it really lies. */
export function hidePlaces(table: MountTable, places: SandboxPlaces, look: Look): void {
  const { homes, superuser, own } = places;
  const hide = (path: string, because: string) => {
    const real = look.real(path);
    if (real === null) return;
    // A link from a hidden name into the workspace itself would hide the work.
    if (isWithin(places.root, real) || real === '/') return;
    const how: Mount['how'] = look.kind(real) === 'directory' ? 'empty-directory' : 'empty-file';
    table.carve({ path: real, how, because });
  };
  for (const home of homes) {
    // One look at the names spares a hundred looks at what is not there.
    const names = new Set(look.names(home));
    for (const path of HIDDEN_IN_HOME)
      if (names.has(path.split('/', 1)[0] as string))
        hide(`${home}/${path}`, `always: ~/${path} is not read`);
  }
  for (const path of superuser ? HIDDEN_FROM_SUPERUSER : []) hide(path, `always: ${path}`);
  for (const path of own) hide(path, 'always: ledger and keys are neither read nor written');
}

/** Settings of package managers that may hold a token among lines that are needed. */
export const STRIPPED_IN_HOME: readonly string[] = [
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.config/pip/pip.conf',
];

/** The same text without the lines that hold a credential; null if it holds none. */
export function withoutCredentials(text: string): string | null {
  const lines = text.split('\n');
  const kept = lines.filter((line) => !CREDENTIAL.test(line));
  return kept.length === lines.length ? null : kept.join('\n');
}

const CREDENTIAL =
  /_auth|_password|authToken|authIdent|\busername\b|^\s*(cert|key)(file)?\s*=|:\/\/[^/\s@]+:[^/\s@]*@/i;
