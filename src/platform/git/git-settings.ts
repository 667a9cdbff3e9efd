import { git } from './anchor-git.ts';
import type { Repository } from './repository.ts';

/** What anchoring needs of the configuration, read in one go. */
export interface GitSettings {
  /** Names of the configured remotes, in the order of the configuration. */
  remotes: readonly string[];
  /** `branch.<name>.remote` by branch. */
  remoteOf: ReadonlyMap<string, string>;
  /** For commands that write: who commits, and hooks named in the configuration switched off. */
  writing: Readonly<Record<string, string>>;
  /** For commands that talk to `remote`: the same, and an ssh that never asks. */
  talkingTo(remote: string): Readonly<Record<string, string>>;
}

export async function readSettings(repository: Repository): Promise<GitSettings> {
  const listed = await git(repository, ['config', '--null', '--includes', '--list']);
  const settings = parse(listed.toString('utf8'));
  const remotes = new Set<string>();
  const hooks = new Set<string>();
  const remoteOf = new Map<string, string>();
  for (const [key, value] of settings) {
    const remote = /^remote\.(.+)\.(?:push)?url$/s.exec(key);
    if (remote !== null) remotes.add(remote[1] as string);
    const branch = /^branch\.(.+)\.remote$/s.exec(key);
    if (branch !== null) remoteOf.set(branch[1] as string, value);
    const hook = /^hook\.(.+)\.(?:command|event)$/s.exec(key);
    if (hook !== null) hooks.add(hook[1] as string);
  }
  const off: Settings = [...hooks].map((name) => [`hook.${name}.enabled`, 'false']);
  const identity = identityOf(settings);
  const writing = { ...identity, ...asEnvironment(off) };
  const ssh = sshWithoutQuestions(process.env.GIT_SSH_COMMAND ?? settings.get('core.sshcommand'));
  return {
    remotes: [...remotes],
    remoteOf,
    writing,
    talkingTo: (remote) => ({
      ...identity,
      // A mirror refuses to push one branch only.
      ...asEnvironment([...off, [`remote.${remote}.mirror`, 'false']]),
      GIT_SSH_COMMAND: ssh,
    }),
  };
}

/**
 * The ssh command the user configured, told never to ask. Setting GIT_SSH_COMMAND hides
 * `core.sshCommand`, so that one is repeated; a program that is not OpenSSH may not know the
 * option and is left as it is (it has no terminal to ask on anyway).
 */
export function sshWithoutQuestions(configured: string | undefined): string {
  const command = configured === undefined || configured.trim() === '' ? 'ssh' : configured;
  const program = /^\s*(?:'([^']+)'|"([^"]+)"|(\S+))/.exec(command);
  const name = (program?.[1] ?? program?.[2] ?? program?.[3] ?? '').replace(/^.*[\\/]/, '');
  return /^ssh(?:\.exe)?$/i.test(name) ? `${command} -oBatchMode=yes` : command;
}

type Settings = [key: string, value: string][];

/** By environment, not by `-c`: names of remotes and hooks may contain `=`. */
function asEnvironment(settings: Settings): Record<string, string> {
  const environment: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  settings.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

/** `key LF value NUL`; a key without a value means true. The last one wins. */
function parse(listed: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const record of listed.split('\0')) {
    if (record === '') continue;
    const end = record.indexOf('\n');
    if (end === -1) settings.set(record, 'true');
    else settings.set(record.slice(0, end), record.slice(end + 1));
  }
  return settings;
}

function identityOf(settings: ReadonlyMap<string, string>): Record<string, string> {
  const name = settings.get('user.name') ?? '';
  const email = settings.get('user.email') ?? '';
  // git refuses a name of which nothing is left after it took away what it does not allow.
  const usable = [name, email].every((text) => /[^\x00-\x20.,:;<>"\\']/.test(text));
  const person = usable ? { name, email } : { name: 'prooflayer', email: 'prooflayer@localhost' };
  return {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
}
