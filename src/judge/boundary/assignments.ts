/** What a variable set before a command means for it. */
export type Influence =
  /** Allow rules see through it. */
  | 'harmless'
  /** It may change what runs, or where things go: code can hide behind it. */
  | 'code'
  /** Nobody said; an allow rule does not speak for it. */
  | 'unknown';

const harmless = new Set([
  'NODE_ENV',
  'CI',
  'NO_COLOR',
  'FORCE_COLOR',
  'LANG',
  'LC_ALL',
  'TZ',
  'DEBUG',
  'RUST_BACKTRACE',
]);

/** Variables that programs read code, commands, search paths or configuration from. */
const code =
  /^(PATH|CDPATH|ENV|IFS|SHELL|SHELLOPTS|BASHOPTS|HOME|PWD|OLDPWD|PROMPT_COMMAND|PS[0-4]|EDITOR|VISUAL|PAGER|BROWSER|MANPAGER|MANOPT|LESS\w*|MORE|TERMINFO|TERMCAP|TMPDIR|(HTTPS?|ALL|NO|FTP)_PROXY|KUBECONFIG|SSH_ASKPASS|SUDO_ASKPASS|CLASSPATH|MAKE\w*|CC|CXX|LD|AR|CFLAGS|CXXFLAGS|LDFLAGS|AWKPATH|AWKLIBPATH|GCONV_PATH|LOCPATH|NLSPATH|TAR_OPTIONS|GREP_OPTIONS|RIPGREP_CONFIG_PATH|JQ\w*|INPUTRC|SYSTEMD_\w+|EXECIGNORE|GLOBIGNORE|HISTFILE|TZDIR|OPENSSL_\w+|SSL_\w+|CURL_\w+|WGETRC|NETRC|DOTENV\w*|.*(_OPTS?|_OPTIONS|_WRAPPER|_COMMAND|_CMD|_PAGER|_EDITOR|_SHELL|_PATH|PATH|_EXE|_BIN|_HOME|_ROOT|_CONFIG|FLAGS|RC))$|^(LD|DYLD|GIT|BASH|NODE|NPM|YARN|PNPM|BUN|DENO|PYTHON|PIP|UV|POETRY|PERL5?|RUBY|GEM|BUNDLE|JAVA|JDK|MAVEN|GRADLE|GO|CARGO|RUSTC?|RUSTUP|PHP|LUA|R|JULIA|DOCKER|COMPOSE|AWS|AZURE|GOOGLE|CLOUDSDK|XDG|VIM|EMACS|SSH|GPG|TSC?|ESLINT|BABEL|JEST|VITEST|ELECTRON|CORE|PROOF)_/i;

/** Not case-sensitive where programs are not: `npm_config_…`, `http_proxy`. */
export function influenceOf(name: string): Influence {
  if (harmless.has(name)) return 'harmless';
  if (code.test(name)) return 'code';
  return 'unknown';
}

/**
 * A variable set for the shell alone (`x=1` on its own) reaches programs only where it is in the
 * environment already; what nobody reads code from is harmless there.
 */
export function changesPrograms(name: string): boolean {
  return influenceOf(name) === 'code';
}

/** The first variable that a sum sets and programs read code from (`((PATH=1))`), or null. */
export function setInSum(text: string): string | null {
  for (const [, before, name = '', after] of text.matchAll(
    /(\+\+|--)?\s*([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)?(\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))?/g,
  )) {
    if ((before || after) && changesPrograms(name)) return name;
  }
  return null;
}

/** A value that a shell would run if it were expanded as a sum or a prompt: `a[$(cmd)]`. */
export function holdsCode(value: string | null): boolean {
  return value !== null && /\$\(|`|<\(|>\(/.test(value);
}
