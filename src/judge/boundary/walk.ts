import type {
  AndOr,
  ArithmeticExpression,
  CommandNode,
  CompoundList,
  Function as FunctionNode,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Statement,
  SyntaxNode,
  TestExpression,
  Word,
} from 'unbash';
import { changesPrograms, setInSum } from './assignments.ts';
import { visitExpansions } from './expand.ts';
import { hiddenEffect } from './expansion-effects.ts';
import { unknownField } from './field.ts';
import { judgeGuess } from './finds.ts';
import { DEEPEST, type Env, type Hearing, INHERITED, type Input } from './hearing.ts';
import { loopValues, untilSettled } from './loops.ts';
import { inputFrom } from './pipe-input.ts';
import { anyOf, both, either, type Flow, type Shell, withVariable } from './shell-state.ts';
import { judgeRedirects, judgeSimple, type Surroundings } from './simple-command.ts';

/** Judges a parsed script in a shell of its own or the caller's; returns what the shell becomes. */
export function judgeScript(
  hearing: Hearing,
  script: ParsedScript,
  source: string,
  env: Env,
): Flow {
  const [error] = script.errors ?? [];
  if (error) {
    hearing.found.ask(
      shownScript(script, source),
      `the shell's grammar is not met: ${error.message}`,
    );
  }
  return new Walk(hearing, script.source ?? source).statements(script.commands, env);
}

function shownScript(script: ParsedScript, source: string): string {
  const text = script.source ?? source.slice(script.pos, script.end);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

class Walk {
  readonly #hearing: Hearing;
  readonly #source: string;
  readonly #around: Surroundings;

  constructor(hearing: Hearing, source: string) {
    this.#hearing = hearing;
    this.#source = source;
    this.#around = {
      source,
      judgeScripts: (node, env) => this.scripts(node, env),
      judgeFunction: (name, env) => this.call(name, env),
    };
  }

  statements(statements: readonly Statement[], env: Env): Flow {
    let flow: Flow = both(env.shell);
    let shell = env.shell;
    for (const statement of statements) {
      shell = either(flow.ok, flow.fail) ?? shell;
      flow = this.statement(statement, { ...env, shell });
    }
    return flow;
  }

  statement({ command, background }: Statement, env: Env): Flow {
    const flow = command.type === 'AndOr' ? this.andOr(command, env) : this.pipeline(command, env);
    return background ? both(env.shell) : flow;
  }

  andOr({ commands, operators }: AndOr, env: Env): Flow {
    let flow = this.pipeline(commands[0]!, env);
    for (const [index, command] of commands.slice(1).entries()) {
      const isAnd = operators[index] === '&&';
      const entered = isAnd ? flow.ok : flow.fail;
      // What no way seems to lead to is judged all the same.
      const shell = entered ?? either(flow.ok, flow.fail) ?? env.shell;
      const next = this.pipeline(command, { ...env, shell });
      flow = isAnd
        ? { ok: next.ok, fail: either(flow.fail, next.fail) }
        : { ok: either(flow.ok, next.ok), fail: next.fail };
    }
    return flow;
  }

  pipeline(node: PipelineNode, env: Env): Flow {
    if (node.type !== 'Pipeline') return this.command(node, env);
    const isNegated = node.prefixes.some(({ type }) => type === 'Negation');
    if (node.commands.length === 1) {
      const flow = this.command(node.commands[0]!, env);
      return isNegated ? { ok: flow.fail, fail: flow.ok } : flow;
    }
    return this.piped(node, env);
  }

  piped({ commands }: Pipeline, env: Env): Flow {
    let input: Input = env.input;
    for (const command of commands) {
      this.command(command, { ...env, input });
      input = inputFrom(command, env.shell);
    }
    return both(env.shell);
  }

  command(node: CommandNode, env: Env): Flow {
    if (!this.#hearing.found.step()) return both(env.shell);
    if (env.depth > DEEPEST) {
      this.#hearing.found.ask(this.text(node), 'it is nested too deeply to judge');
      return both(env.shell);
    }
    const inner = { ...env, depth: env.depth + 1 };
    switch (node.type) {
      case 'Command':
        return judgeSimple(this.#hearing, node, env, this.#around);
      case 'Redirected': {
        const input = judgeRedirects(this.#hearing, node.redirects, env, this.#around);
        return this.command(node.command, input ? { ...inner, input } : inner);
      }
      case 'BraceGroup':
        return this.list(node.body, inner);
      case 'Subshell':
        this.list(node.body, inner);
        return both(env.shell);
      case 'Coproc':
        this.list(node.body, { ...inner, input: { kind: 'pipe' } });
        return both(env.shell);
      case 'Function':
        return this.define(node, inner);
      case 'If': {
        const clause = this.list(node.clause, inner);
        const ends = [this.after(node.then, clause.ok, inner)];
        let otherwise = clause.fail ?? env.shell;
        for (const branch of node.elif) {
          const flow = this.after(branch.clause, otherwise, inner);
          ends.push(this.after(branch.then, flow.ok, inner));
          otherwise = flow.fail ?? otherwise;
        }
        ends.push(node.else ? this.after(node.else, otherwise, inner) : both(otherwise));
        return anyOf(ends);
      }
      case 'While':
        return untilSettled(inner, (again) => {
          const clause = this.list(node.clause, again);
          const entered = node.kind === 'until' ? clause.fail : clause.ok;
          return anyOf([clause, this.after(node.body, entered, again)]);
        });
      case 'ArithmeticFor':
        for (const sum of [node.initialize, node.test, node.update]) {
          if (!sum) continue;
          this.scripts(sum, env);
          this.sum(sum);
        }
        return untilSettled(inner, (again) => this.list(node.body, again));
      case 'For':
      case 'Select':
        return this.forEach(node.name, node.wordlist, node.body, inner, node.type === 'Select');
      case 'Case': {
        this.scripts(node.word, env);
        for (const { pattern } of node.items)
          for (const word of pattern) this.scripts(word, env, true);
        const ends = node.items.map((item) => this.list(item.body, inner));
        return anyOf([...ends, both(env.shell)]);
      }
      case 'TestCommand':
        this.test(node.expression, env);
        this.neutral(node);
        return both(env.shell);
      case 'ArithmeticCommand':
        if (node.expression) this.scripts(node.expression, env);
        this.sum(node);
        // To other shells, (( )) are two subshells, one in the other.
        judgeGuess(this.#hearing, node.body, { ...inner, input: INHERITED });
        this.neutral(node);
        return both(env.shell);
    }
  }

  sum(node: SyntaxNode): void {
    const name = setInSum(this.text(node));
    if (name) this.#hearing.found.ask(this.text(node), `${name} can change what later commands do`);
  }

  neutral(node: CommandNode): void {
    const why = 'it changes nothing outside of this shell';
    this.#hearing.found.add({ text: this.text(node), verdict: 'allow', rule: null, why });
  }

  list(node: CompoundList | CommandNode, env: Env): Flow {
    return node.type === 'CompoundList'
      ? this.statements(node.commands, env)
      : this.command(node, env);
  }

  after(list: CompoundList, shell: Shell | null, env: Env): Flow {
    return this.list(list, shell ? { ...env, shell } : env);
  }

  forEach(
    name: Word,
    wordlist: readonly Word[] | undefined,
    body: CompoundList,
    env: Env,
    isAnyTime: boolean,
  ): Flow {
    for (const word of wordlist ?? []) this.scripts(word, env);
    if (changesPrograms(name.value)) {
      this.#hearing.found.ask(this.text(name), `${name.value} can change what later commands do`);
    }
    const each = isAnyTime ? null : loopValues(wordlist, env.shell);
    let shell = env.shell;
    for (const value of each ?? [unknownField(`the value of $${name.value}`, true)]) {
      const flow = untilSettled(
        { ...env, shell: withVariable(shell, name.value, value) },
        (again) => this.list(body, again),
      );
      shell = either(shell, either(flow.ok, flow.fail)) ?? shell;
    }
    return both(shell);
  }

  define(node: FunctionNode, env: Env): Flow {
    const name = node.name.value;
    const functions = new Map(env.shell.functions).set(name, {
      node,
      source: this.#source,
      certain: true,
    });
    // Its body is judged where it is defined too: it may be called from what is not seen here.
    this.list(node.body, { ...env, input: INHERITED });
    return both({ ...env.shell, functions });
  }

  call(name: string, env: Env): { certain: boolean; flow: Flow } | null {
    const defined = env.shell.functions.get(name);
    if (!defined) return null;
    // Inside its own body the name means the function still; once round is enough.
    const functions = new Map(env.shell.functions);
    functions.delete(name);
    const walk = new Walk(this.#hearing, defined.source);
    const inner = { ...env, depth: env.depth + 1, shell: { ...env.shell, functions } };
    const flow = walk.list(defined.node.body, inner);
    const back = (shell: Shell | null) => shell && { ...shell, functions: env.shell.functions };
    const end = back(flow.ok) ?? back(flow.fail) ?? env.shell;
    return { certain: defined.certain, flow: { ok: end, fail: back(flow.fail) ?? end } };
  }

  test(expression: TestExpression, env: Env): void {
    this.scripts(expression, env, true);
  }

  /** The scripts inside of words, assignments, sums and tests: each a shell of its own. */
  scripts(node: SyntaxNode | ArithmeticExpression, env: Env, isTest = false): void {
    const { found } = this.#hearing;
    visitExpansions(node, {
      mayRead: (characters) => env.depth < DEEPEST && found.mayRead(characters),
      effect: (effect) => {
        const why = hiddenEffect(effect, isTest);
        if (why) found.ask(this.text(effect), why);
      },
      script: (script, { pos, end }) => {
        if (!script) {
          found.ask(this.text({ pos, end }), 'what it runs cannot be read');
          return;
        }
        const inner = { ...env, depth: env.depth + 1, input: INHERITED };
        judgeScript(this.#hearing, script, this.#source, inner);
      },
    });
    if (env.depth >= DEEPEST) found.ask(this.text(node), 'it is nested too deeply to judge');
  }

  text({ pos, end }: { readonly pos: number; readonly end: number }): string {
    return this.#source.slice(pos, end);
  }
}
