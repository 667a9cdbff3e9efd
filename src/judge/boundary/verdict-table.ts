import type { Policy, Verdict } from './policy.ts';

/** Who wants to act, and by which way the answer reaches it. */
export type Asker = 'proof run' | 'claude' | 'codex' | 'gemini' | 'cursor' | 'opencode';

/**
 * What is done with an action. `pass`: nothing is said, and it goes on; in a hook that leaves the
 * agent's own permissions in force, we never answer *allow* for it. `ask`: a human is asked, by us
 * or by the agent's own question. `refuse`: it does not happen.
 */
export type Outcome = 'pass' | 'ask' | 'refuse';

/** How it is done, in the words of the one who asked. */
export interface Answer {
  readonly outcome: Outcome;
  readonly by: string;
}

interface Row {
  /** A human is there to answer. */
  readonly attended: Readonly<Record<'ask' | 'deny', Answer>>;
  readonly headless: Readonly<Record<'ask' | 'deny', Answer>>;
}

const silent: Answer = { outcome: 'pass', by: 'nothing is said' };
const refuse = (by: string): Answer => ({ outcome: 'refuse', by });

/** Refused with the reason and how to get an approval: the same words, in each agent's own form. */
const inHook = (ask: Answer, deny: Answer): Row => ({
  attended: { ask, deny },
  headless: { ask: deny, deny },
});

const claudeDeny = refuse('permissionDecision "deny", with the reason and how to approve');
const codexDeny = refuse('permissionDecision "deny" and nothing beside it, with the reason');
const geminiDeny = refuse('decision "deny", with the reason and how to approve');
const cursorDeny = refuse('permission "deny", with the reason and how to approve');
const opencodeDeny = refuse('the plugin throws, with the reason and how to approve');

/**
 * What a verdict becomes, for each who may ask. Read from the agents' contracts and tried on the
 * real ones: Codex knows no *ask* and runs the tool, Gemini and OpenCode have none in this place,
 * and an *ask* that nobody can answer is a refusal everywhere.
 */
export const VERDICT_TABLE: Readonly<Record<Asker, Row>> = {
  'proof run': {
    attended: {
      ask: { outcome: 'ask', by: 'asked at the terminal' },
      deny: refuse('exit 126, the rule on standard error'),
    },
    headless: {
      ask: refuse('exit 126, and how to approve'),
      deny: refuse('exit 126, the rule on standard error'),
    },
  },
  claude: inHook({ outcome: 'ask', by: 'permissionDecision "ask"' }, claudeDeny),
  codex: inHook(codexDeny, codexDeny),
  gemini: inHook(geminiDeny, geminiDeny),
  cursor: inHook({ outcome: 'ask', by: 'permission "ask"' }, cursorDeny),
  opencode: inHook(opencodeDeny, opencodeDeny),
};

/** What is done with a verdict. Under `observe` everything passes, and is recorded. */
export function answerTo(
  asker: Asker,
  attended: boolean,
  mode: Policy['mode'],
  verdict: Verdict,
): Answer {
  if (mode === 'observe' || verdict === 'allow') return silent;
  return VERDICT_TABLE[asker][attended ? 'attended' : 'headless'][verdict];
}

/** The table for the documentation (docs/BOUNDARIES.md), in Markdown. */
export function verdictTableText(): string {
  const rows = (Object.keys(VERDICT_TABLE) as Asker[]).map((asker) => {
    const { attended, headless } = VERDICT_TABLE[asker];
    const cell = ({ outcome, by }: Answer) => `**${outcome}**: ${by}`;
    const name = asker === 'proof run' ? '`proof run`' : `hook of ${asker}`;
    return `| ${name} | ${cell(attended.ask)} | ${cell(headless.ask)} | ${cell(attended.deny)} |`;
  });
  return [
    '| who asks | *ask*, a human is there | *ask*, headless | *deny* |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
