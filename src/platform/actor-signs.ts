import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Actor } from '../core/entries/header.ts';
import { EXIT, ProofError } from '../core/errors.ts';

/**
 * Who is working here, as far as this process can see.
 *
 * What an agent or a CI puts into the environment comes first, then the names of the processes
 * above us: no variable can talk an agent that is seen into being a person. Where neither speaks,
 * PROOF_ACTOR or the login name is taken, which is only asserted; a program that wants to pass for
 * a person can clean its environment. Only a signature proves a human.
 */
export function actorFromSigns(env: Readonly<Record<string, string | undefined>>): Actor {
  const host = hostname();
  for (const [variable, kind, name, session] of SIGNS) {
    if (env[variable] === undefined || env[variable] === '') continue;
    const id = session === undefined ? undefined : env[session];
    return { kind, name, host, basis: 'environment', ...(id ? { session: id } : {}) };
  }
  const ancestor = agentAbove(process.ppid);
  if (ancestor !== null) return { kind: 'agent', name: ancestor, host, basis: 'ancestry' };
  return (
    assertedActor(env, host) ?? { kind: 'human', name: loginName(env), host, basis: 'asserted' }
  );
}

/** `PROOF_ACTOR=kind:name` or `kind:name:model`, for scripts that know who they are. */
function assertedActor(
  env: Readonly<Record<string, string | undefined>>,
  host: string,
): Actor | null {
  if ((env.PROOF_ACTOR ?? '') === '') return null;
  const match = /^(human|agent|tool):([^:]+)(?::(.+))?$/.exec(env.PROOF_ACTOR as string);
  if (match === null) {
    throw new ProofError({
      code: 'actor.unreadable',
      message: 'PROOF_ACTOR does not say who is working',
      why: `it is "${env.PROOF_ACTOR}", not kind:name or kind:name:model`,
      remedy: 'PROOF_ACTOR=tool:deploy-script, or unset PROOF_ACTOR',
      exit: EXIT.usage,
    });
  }
  const [, kind, name, model] = match as unknown as [string, Actor['kind'], string, string?];
  return { kind, name, host, basis: 'asserted', ...(model === undefined ? {} : { model }) };
}

/** Variables that agents and CI systems set for the commands they run, and the one with their session. */
const SIGNS: readonly (readonly [string, Actor['kind'], string, string?])[] = [
  ['CLAUDECODE', 'agent', 'claude-code', 'CLAUDE_CODE_SESSION_ID'],
  ['CODEX_SANDBOX', 'agent', 'codex', 'CODEX_THREAD_ID'],
  ['CODEX_THREAD_ID', 'agent', 'codex', 'CODEX_THREAD_ID'],
  ['GEMINI_CLI', 'agent', 'gemini-cli'],
  ['OPENCODE', 'agent', 'opencode'],
  ['CURSOR_AGENT', 'agent', 'cursor'],
  ['GITHUB_ACTIONS', 'tool', 'github-actions', 'GITHUB_RUN_ID'],
  ['GITLAB_CI', 'tool', 'gitlab-ci', 'CI_JOB_ID'],
  ['BUILDKITE', 'tool', 'buildkite', 'BUILDKITE_BUILD_ID'],
  ['JENKINS_URL', 'tool', 'jenkins', 'BUILD_TAG'],
  ['CI', 'tool', 'ci'],
];

const AGENTS: Readonly<Record<string, string>> = {
  claude: 'claude-code',
  codex: 'codex',
  gemini: 'gemini-cli',
  opencode: 'opencode',
  'cursor-agent': 'cursor',
};

function agentAbove(start: number): string | null {
  let pid = start;
  for (let depth = 0; depth < MOST_ANCESTORS && pid > 1; depth++) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const name = AGENTS[stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))];
      if (name !== undefined) return name;
      pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    } catch {
      return null; // no /proc here
    }
  }
  return null;
}

const MOST_ANCESTORS = 12;

function loginName(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? env.LOGNAME ?? 'unknown'; // a container's uid without a passwd line
  }
}
