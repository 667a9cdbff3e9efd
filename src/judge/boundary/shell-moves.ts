import { certainStart, exactField, exactText, type Field, unknownField } from './field.ts';
import { assignmentIn } from './options.ts';
import { absolute } from './place.ts';
import { both, type Flow, LEFT, type Shell, withVariable } from './shell-state.ts';

/** What a builtin does to its shell: where it is, what its variables hold, whether it goes on. */
export function nextShell(
  fields: readonly Field[],
  shell: Shell,
  isThere: (directory: string) => boolean,
): Flow {
  const name = exactText(fields[0]);
  const args = fields.slice(1);
  switch (name) {
    case 'command':
    case 'builtin':
      return certainStart(args[0] ?? exactField('')).startsWith('-')
        ? both(shell)
        : nextShell(args, shell, isThere);
    case 'cd':
    case 'pushd':
      return changed(args, shell, isThere);
    case 'popd':
      return { ok: { ...shell, cwds: null }, fail: shell };
    case 'exit':
    case 'logout':
    case 'return':
    case 'break':
    case 'continue':
      return LEFT;
    case 'exec':
      return args.length > 0 ? LEFT : both(shell);
    case 'eval':
    case 'source':
    case '.':
      return both(unsettled(shell));
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
      return both(args.reduce(assigned, shell));
    case 'read':
    case 'mapfile':
    case 'readarray':
    case 'unset':
    case 'getopts':
    case 'printf':
    case 'let':
      return both(args.reduce(forgotten, shell));
  }
  return both(shell);
}

function changed(
  args: readonly Field[],
  shell: Shell,
  isThere: (directory: string) => boolean,
): Flow {
  const operands = args.filter((field) => !/^-[LPe@]+$/.test(exactText(field) ?? ''));
  const [target] = exactText(operands[0]) === '--' ? operands.slice(1) : operands;
  const away = (cwds: readonly string[] | null): Flow => ({
    ok: { ...shell, cwds, previous: shell.cwds },
    fail: cwds?.every(isThere) ? null : shell,
  });
  if (!target) {
    const home = exactText(shell.variables.get('HOME'));
    return away(home === null ? null : [absolute(home, '/')]);
  }
  const text = exactText(target);
  if (text === '-') return away(shell.previous);
  if (text === null || operands.length > 1 || /^[-+]\d*$/.test(text)) return away(null);
  if (text.startsWith('/')) return away([absolute(text, '/')]);
  // A name without a dot in front is looked up in CDPATH, which an environment hardly ever sets.
  return away(shell.cwds?.map((cwd) => absolute(text, cwd)) ?? null);
}

function unsettled(shell: Shell): Shell {
  const variables = new Map(
    [...shell.variables.keys()].map((name) => [name, unknownField(`the value of $${name}`, true)]),
  );
  const functions = new Map(
    [...shell.functions].map(([name, one]) => [name, { ...one, certain: false }]),
  );
  return { cwds: null, previous: null, variables, functions };
}

function assigned(shell: Shell, field: Field): Shell {
  const found = assignmentIn(field);
  if (!found) return forgotten(shell, field);
  return certainStart(field).startsWith(`${found.name}+`)
    ? forgotten(shell, exactField(found.name))
    : withVariable(shell, found.name, found.value);
}

function forgotten(shell: Shell, field: Field): Shell {
  const name = /^[A-Za-z_]\w*/.exec(certainStart(field))?.[0];
  if (!name) return shell;
  return withVariable(shell, name, unknownField(`the value of $${name}`, true));
}
