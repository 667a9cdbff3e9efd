import type { Shape } from './shape.ts';

/** Whether the bare value between `from` and `to` is program text or prose, not a secret. */
export function isCode(text: string, from: number, to: number, shape: Shape): boolean {
  const value = text.slice(from, to);
  const next = text[to] ?? '';
  const dotted = DOTTED.test(value) && !isRandom(value);
  if (next === '(' || next === '[' || /^0x[0-9a-f]{1,8}$/i.test(value)) return true;
  switch (shape) {
    case 'flag':
      // Help texts: `--token TOKEN  the token`, `--password string`.
      return value.startsWith('-') || value.length < 6 || !SIGN.test(value);
    case 'spaced':
      if (WORD.test(value) || dotted || /^\/\^|^\w+=$/.test(value)) return true;
      return NAME.test(value) && CODE_AFTER.test(next);
    case 'colon':
      // In YAML `!Ref`, `*alias` and `&anchor` are no values.
      if (/^[!*&]/.test(value) || dotted) return true;
      return WORD.test(value) && !isYamlLine(text, from, to, value);
    default:
      if (dotted) return OBJECT.test(value) || HANDED_ON.test(value);
      return WORD.test(value) && (CODE_AFTER.test(next) || HANDED_ON.test(value));
  }
}

const SIGN = /[\d!@#$%^*+=~?]/;
const WORD = /^[A-Za-z_$?!.:-]*$/;
const NAME = /^[A-Za-z_$][\w$]*$/;
const DOTTED = /^[A-Za-z_$][\w$]*(?:[?!]?\.[A-Za-z_$][\w$]*)+[?!]?$/;
const CODE_AFTER = /[),;]/;
const OBJECT =
  /^(?:this|self|args?|req|request|res|response|config|opts|options|settings|params|props|ctx|state|input|data|event|body|user)\b/;
/** A variable that is handed on: `login(password=db_password)`. */
const HANDED_ON =
  /(?:^|[a-z_.])(?:[pP]assword|passwd|pwd|[tT]oken|[sS]ecret|[kK]ey|[cC]redentials?)$/;

/**
 * A path of names in a program has no digits among letters of both cases, and changes case once or
 * twice a word, not at every other letter.
 */
function isRandom(value: string): boolean {
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value);
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return mixed && (/\d/.test(value) || changes > value.length / 2.5);
}

/** `  password: letmein` and nothing else on the line, and not a word for a state or a type. */
function isYamlLine(text: string, from: number, to: number, value: string): boolean {
  const before = text.slice(Math.max(0, from - MAX_YAML_NAME), from);
  return (
    value.length >= 6 &&
    YAML_NAME.test(before.slice(before.lastIndexOf('\n') + 1)) &&
    /^[ \t\r]*(?:\n|$)/.test(text.slice(to, to + 8)) &&
    /^[a-z-]+$/.test(value) &&
    !STATE.test(value)
  );
}

const MAX_YAML_NAME = 120;
const YAML_NAME = /^[ \t]*(?:- )?[\w.-]+: +$/;
const STATE =
  /^(?:(?:in)?valid|missing|expired|revoked|accepted|rejected|(?:in)?correct|wrong|(?:un)?changed|updated|created|deleted|(?:en|dis)abled|present|absent|found|loaded|stored|saved|match(?:ed|es)?|mismatch|provided|generated|rotated|verified|failed|granted|denied|inherit|external|optional|required|[a-z]*(?:string|token|password|secret|credentials?))$/;
