import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { absolute, type Place } from '../../src/judge/boundary/place.ts';
import type { Policy, Rule } from '../../src/judge/boundary/policy.ts';

/** The policy and the made-up machine that the cases of corpus/ and bypasses.txt live in. */

const here = import.meta.dirname;

interface Written {
  readonly mode: Policy['mode'];
  readonly scope: Record<'write' | 'generated' | 'ask' | 'deny', readonly WrittenRule[]>;
  readonly commands: { readonly default: Policy['commands']['default'] } & Record<
    'allow' | 'ask' | 'deny',
    readonly string[]
  >;
}
type WrittenRule = string | { readonly path: string; readonly for: string };

export function corpusPolicy(): Policy {
  const { mode, scope, commands }: Written = parse(read('corpus-policy.yaml'));
  return {
    mode,
    scope: {
      write: scope.write.map(rule),
      generated: scope.generated.map(rule),
      ask: scope.ask.map(rule),
      deny: scope.deny.map(rule),
    },
    commands: {
      default: commands.default,
      allow: commands.allow.map(rule),
      ask: commands.ask.map(rule),
      deny: commands.deny.map(rule),
      examples: { allow: [], ask: [], deny: [] },
    },
    network: { allow: [], default: 'deny' },
    models: { allow: [] },
  };
}

function rule(written: WrittenRule): Rule & { readonly all: boolean } {
  const isText = typeof written === 'string';
  return {
    text: isText ? written : written.path,
    line: null,
    all: !isText && written.for === 'all',
  };
}

export function corpusPlace(): Place {
  const world = JSON.parse(read('corpus-world.json'));
  const links = Object.entries<string>(world.links);
  return {
    actor: 'agent',
    cwd: world.cwd,
    root: world.root,
    home: world.home,
    links: (path) => followed(path, links),
  };
}

function followed(path: string, links: readonly (readonly [string, string])[]): string {
  const link = links.find(([from]) => path === from || path.startsWith(`${from}/`));
  if (!link) return path;
  const [from, to] = link;
  return followed(absolute(to + path.slice(from.length), from.replace(/\/[^/]*$/, '')), links);
}

export interface Case {
  readonly verdict: 'allow' | 'ask' | 'deny';
  readonly command: string;
  readonly reason: string;
  readonly group: string;
}

export function corpusCases(half: 'open' | 'held-out'): Case[] {
  const lines = read(`corpus/${half}.jsonl`).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** `verdict command` a line, `\n` for a line end. */
export function bypassCases(): Pick<Case, 'verdict' | 'command'>[] {
  return read('bypasses.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      verdict: line.slice(0, 5).trim() as Case['verdict'],
      command: line
        .slice(6)
        .replace(/\\(.)/g, (_, char) => ({ n: '\n', t: '\t' })[char as string] ?? char),
    }));
}

function read(name: string): string {
  return readFileSync(join(here, name), 'utf8');
}
