import { judgeAccess } from './access.ts';
import type { Part } from './decision.ts';
import { exactField, exactText, type Field } from './field.ts';
import type { Env, Hearing } from './hearing.ts';
import { absolute, type Place, within } from './place.ts';

/**
 * A word of a program that nobody described, taken for a file it may read: only what the scope
 * keeps from being read is worth a word. `--env-file=.env` and `@.env` name it too.
 */
export function judgeMention(hearing: Hearing, path: Field, env: Env): Part[] {
  return readings(path).flatMap((field) =>
    judgeAccess(
      hearing.policy,
      hearing.place,
      { access: 'read', path: field },
      env.shell.cwds,
    ).filter(
      ({ verdict, rule }) =>
        verdict === 'deny' ||
        (verdict === 'ask' &&
          !env.elsewhere &&
          rule === null &&
          exactText(field) !== null &&
          env.shell.cwds !== null),
    ),
  );
}

function readings(field: Field): Field[] {
  const text = exactText(field);
  if (text === null)
    return field.pieces.every((piece) => typeof piece === 'string' || 'wild' in piece)
      ? [field]
      : [];
  if (text === '' || text.includes('\n') || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return [];
  const after = [...text.matchAll(/[=@:,]/g)].slice(0, 4).map(({ index }) => text.slice(index + 1));
  return [text, ...after].filter((one) => one !== '').map(exactField);
}

/** The path if a word names one outside of the workspace, else null. */
export function namesElsewhere(field: Field, env: Env, place: Place): string | null {
  if (env.elsewhere) return null;
  const text = exactText(field);
  if (text === null) return null;
  for (const one of [text, text.replace(/^[^=]*=/, ''), text.replace(/^-[A-Za-z]/, '')]) {
    if (!/^(\/(?!\/)|\.\.(\/|$)|~\/)|\/\.\.(\/|$)/.test(one) || one === '/dev/null') continue;
    const outside = (env.shell.cwds ?? [place.cwd]).some(
      (cwd) => within(place.root, absolute(one, cwd)) === null,
    );
    if (outside) return one;
  }
  return null;
}
