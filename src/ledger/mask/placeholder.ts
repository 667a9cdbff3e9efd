/**
 * Whether a value only stands where a secret would: a variable, a template, a word for nothing,
 * a row of stars. Shared by every shape in which a name or a URL says "here is a secret".
 */
export function isPlaceholder(value: string): boolean {
  return (
    REFERENCE.test(value) || ROW.test(value) || (value.length <= 24 && WORD.test(value.trim()))
  );
}

/**
 * `$2b$10$…` is a password hash and no variable, so `$` needs a letter or bracket behind it. A
 * password that itself begins like `$Name` is missed by shape; as an own value it is found.
 */
const REFERENCE = new RegExp(
  [
    String.raw`\$+[A-Za-z_{(]`,
    '<',
    String.raw`\{`,
    String.raw`#\{`,
    '%[A-Za-z_]+%',
    '%[({]',
    '%s',
    String.raw`\[(?:REDACTED|FILTERED|MASKED|HIDDEN)`,
    String.raw`(?:process|import\.meta|Deno|Bun)\.env`,
    String.raw`os\.(?:environ|getenv)`,
    String.raw`(?:System\.)?getenv`,
    String.raw`ENV\[`,
    String.raw`(?:env|secrets|vars|var|local|data|steps|inputs)\.[A-Za-z_]`,
    'your[-_ ]',
    'vault:',
    'op:',
    String.raw`ref\+`,
    'arn:aws',
  ]
    .map((part) => `(?:${part})`)
    .join('|')
    .replace(/^/, '^(?:')
    .replace(/$/, ')'),
);

const ROW = /^(?:[*xX.#_•-]|\xe2\x80\xa2)*$/;

const WORD =
  /^(?:null|nil|none|true|false|yes|no|on|off|undefined|void|unset|empty|default|required|optional|redacted|filtered|masked|hidden|omitted|string|str|number|int|integer|boolean|bool|bytes?|text|any|unknown|never|object|varchar|uuid|example|todo|tbd|inherit|include|omit|same-origin|use-credentials|n\/a)$/i;
