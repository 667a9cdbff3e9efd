import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { entryName, type Seq } from '../core/names.ts';
import { entrySeq } from '../features/tasks/names.ts';
import { readLists } from '../features/traffic/identities/address-lists.ts';
import { SNAPSHOT } from '../features/traffic/identities/snapshot.ts';
import { type InvestigateOptions, investigate } from '../features/traffic/investigate.ts';
import { logsOf } from '../features/traffic/logs-of.ts';
import { logInputs } from '../features/traffic/reader/log-files.ts';
import type { LogInput } from '../features/traffic/reader/log-source.ts';
import { trafficError } from '../features/traffic/reader/traffic-error.ts';
import { WRITERS, type WriterName } from '../features/traffic/respond/files/writers.ts';
import { keepResponse } from '../features/traffic/respond/keep-response.ts';
import { type Rule, ruleOf } from '../features/traffic/respond/rule.ts';
import { COLLATERAL, simulate } from '../features/traffic/respond/simulate.ts';
import { diskError } from '../ledger/errors.ts';
import type { Context } from './context.ts';
import { workersHere } from './traffic-analyze-here.ts';
import { knownAnswers } from './traffic-dns.ts';
import { proxiesGiven } from './traffic-options.ts';
import { spooled } from './traffic-spool.ts';

export interface RespondWords {
  logs: readonly string[];
  block: readonly string[];
  limit: readonly string[];
  of?: string | undefined;
  perMinute: number;
  format: readonly WriterName[];
  write?: string | undefined;
  task?: string | undefined;
  keeps: boolean;
}

interface Ground {
  seq: Seq | null;
  inputs: LogInput[];
  options: InvestigateOptions;
  close: () => void;
}

/** Replays rules on logs, writes them for programs, and keeps what is expected of them. */
export async function respondHere(context: Context, words: RespondWords) {
  const targets = [
    ...words.block.map((target) => ['block', target] as const),
    ...words.limit.map((target) => ['limit', target] as const),
  ];
  if (targets.length === 0) {
    throw trafficError(
      'traffic.bad-rule',
      'There is no rule to replay',
      'neither --block nor --limit was given',
      'for example --block contradicted:Googlebot --limit path:/blame/',
    );
  }
  if (words.keeps) await context.ledger();
  const task = words.keeps ? context.task(words.task) : null;
  const ground = await groundOf(context, words);
  try {
    const found = await investigate(ground.inputs, ground.options);
    const known = {
      fleets: found.report.fleets,
      lists: ground.options.lists,
      names: found.report.identities.map(({ claimed }) => claimed),
    };
    const rules = targets.map(([action, target], i) => ruleOf(i + 1, action, target, known));
    const simulation = await simulate(ground.inputs, ground.options, found, rules);
    const of = ground.seq === null ? null : entryName(ground.seq);
    const written = writeAll(context, words, rules, of);
    const seq = words.keeps
      ? await keepResponse(await context.ledger(), {
          actor: context.actor,
          task,
          cwd: context.cwd,
          cites: ground.seq,
          sources: found.report.sources,
          rules,
          perMinute: words.perMinute,
          software: `prooflayer/${context.version}`,
          simulation,
          files: written.contents,
          inputs: ground.inputs,
        })
      : null;
    return {
      entry: seq === null ? null : entryName(seq),
      of,
      replayed: simulation.all,
      requests: simulation.requests,
      bytes: simulation.bytes,
      rules: rules.map(({ n, action, target }) => ({ n, action, target })),
      cells: simulation.cells.map(({ n, rule, hit, requests, addresses, bytes }) => ({
        n,
        rule,
        hit,
        collateral: COLLATERAL.includes(hit),
        requests,
        addresses,
        bytes,
      })),
      ...written.shown,
    };
  } finally {
    ground.close();
  }
}

/** The logs to replay on: those named, else those of the investigation, wherever they lie now. */
async function groundOf(context: Context, words: RespondWords): Promise<Ground> {
  const base = {
    workers: workersHere(),
    lists: readLists(SNAPSHOT),
    obedience: null,
    progress: (bytes: number) => context.progress(`read ${Math.floor(bytes / 1e6)} MB`),
  };
  if (words.logs.length > 0 || !words.keeps) {
    if (words.logs.length === 0) {
      throw trafficError(
        'traffic.no-input',
        'There are no logs to replay the rules on',
        'no log was named, and there is no ledger here that holds an investigation',
        'proof traffic respond access.log --block contradicted:Googlebot',
      );
    }
    const options = { ...base, definition: null, since: null, dns: new Map(), proxies: null };
    const inputs = logInputs(words.logs, context.cwd, () => context.inputBytes());
    if (!words.logs.includes('-')) return { seq: null, inputs, options, close: () => {} };
    const spool = await spooled(context.inputBytes());
    return {
      seq: null,
      inputs: [...inputs.slice(0, -1), spool.input],
      options,
      close: spool.remove,
    };
  }
  const reader = context.reader();
  const { seq, body, inputs } = await logsOf(
    reader,
    words.of === undefined ? null : entrySeq(reader, words.of),
  );
  const { parameters } = body;
  const options = {
    ...base,
    definition: parameters.format,
    since: parameters.since === null ? null : Date.parse(parameters.since),
    dns: parameters.dns ? knownAnswers(reader) : new Map(),
    proxies: proxiesGiven(parameters.proxies),
  };
  return { seq, inputs, options, close: () => {} };
}

function writeAll(
  context: Context,
  words: RespondWords,
  rules: readonly Rule[],
  of: string | null,
) {
  const programs = words.format.length > 0 ? words.format : (Object.keys(WRITERS) as WriterName[]);
  const title = of === null ? 'Response' : `Response to ${of}`;
  const all = programs.map((program) => ({
    program,
    ...WRITERS[program](rules, { title, perMinute: words.perMinute }),
  }));
  const files: { program: string; path: string }[] = [];
  const { write } = words;
  if (write !== undefined) {
    for (const { program, files: texts } of all) {
      for (const { name, text } of texts) {
        // A folder each where there are several programs: undo takes away what is named there.
        const path = join(write, ...(all.length > 1 ? [program] : []), name);
        try {
          mkdirSync(dirname(resolve(context.cwd, path)), { recursive: true });
          writeFileSync(resolve(context.cwd, path), text);
        } catch (cause) {
          throw diskError(cause, path);
        }
        files.push({ program, path });
      }
    }
  }
  const asked = words.format.length > 0 || write !== undefined ? all : [];
  return {
    contents: all.flatMap(({ program, files: texts }) =>
      texts.map((file) => ({ program, ...file })),
    ),
    shown: {
      files,
      apply: asked.map(({ program, apply }) => ({ program, commands: apply })),
      undo: asked.map(({ program, undo }) => ({ program, commands: undo })),
      without: asked.flatMap(({ program, without }) => without.map((one) => ({ program, ...one }))),
    },
  };
}
