/** Shorter own values are left alone: three letters of a password are in every log. */
export const MIN_OWN = 8;

/**
 * The forms in which a value may leave the machine, as latin1 of their bytes: itself, JSON-escaped
 * (once, twice, with `\/`, with `\r\n` line ends, in ASCII), percent-encoded, form-encoded, and base64 in both
 * alphabets: of the value alone, wrapped in lines, and inside longer data at each of the three
 * alignments (a password within `user:password` of a Basic header).
 *
 * No form spans lines: a value of several lines is searched line by line, so that it is found
 * whatever stands before each line. Lines shorter than 8 bytes stay; of a PEM key the block rule
 * takes them.
 */
export function ownForms(value: string): Set<string> {
  const forms = new Set<string>();
  for (const plain of spellings(value)) {
    for (const form of textForms(plain)) addLines(forms, latin1(form));
    for (const form of base64Forms(plain)) addLines(forms, form);
  }
  return forms;
}

/** A key kept in one variable has its line ends written out: both spellings get printed. */
function spellings(value: string): string[] {
  return /\\n/.test(value) ? [value, value.replace(/(?:\\r)?\\n/g, '\n')] : [value];
}

function textForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const form = encodeURIComponent(value).replace(
    /[!'()*~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const encoded = [encodeURIComponent(value), form, form.replaceAll('%20', '+')];
  return [
    value,
    json,
    json.replaceAll('\\n', '\\r\\n'),
    json.replaceAll('/', '\\/'),
    json.replace(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    JSON.stringify(json).slice(1, -1),
    ...encoded,
    ...encoded.map((text) => text.replace(/%../g, (code) => code.toLowerCase())),
  ];
}

function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const whole = bytes.toString('base64');
  const forms = [whole, whole.replace(/=+$/, '')];
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // Only the letters that these bytes alone decide: not those shared with a neighbour's bits.
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor(((shift + bytes.length) * 8) / 6);
    forms.push(text.slice(first, last));
  }
  // As `base64` and `openssl` wrap it, with or without the line end that `echo` adds.
  for (const text of [whole, forms[2]!]) {
    forms.push(text.replace(/.{76}/g, '$&\n'), text.replace(/.{64}/g, '$&\n'));
  }
  return [...forms, ...forms.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
}

function addLines(forms: Set<string>, form: string): void {
  for (const line of form.split(/\r?\n/)) {
    const text = line.trim();
    // A PEM's first line is no secret, and is in many programs.
    if (text.length >= MIN_OWN && !text.startsWith('-----')) forms.add(text);
  }
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
