/**
 * Where a failure happened, from its message or stack: the first file and line of the project's own
 * code. Frames of runtimes and installed packages are passed over.
 */
export function failurePlace(message: string): { file: string; line: number } | null {
  for (const pattern of [PYTHON_FRAME, FRAME]) {
    for (const match of message.slice(0, SEARCHED).matchAll(pattern)) {
      const file = (match[1] as string).replace(/^file:\/\//, '');
      const line = Number(match[2]);
      if (line > 0 && !FOREIGN.test(file)) return { file, line };
    }
  }
  return null;
}

const SEARCHED = 8 * 1024;

const PYTHON_FRAME = /^\s*File "([^"\n]{1,500})", line (\d{1,7})/gm;
/** `src/a.test.ts:5:17`, `(/src/a.js:3:1)`, `file:///src/a.mjs:3:1`, `test_a.py:5: AssertionError`. */
const FRAME =
  /(?:^|[\s("'])((?:file:\/\/|[A-Za-z]:(?=[\\/]))?[^\s:"'()<>]{1,400}\.[A-Za-z]{1,6}):(\d{1,7})(?=[:\s),'"]|$)/gm;
const FOREIGN =
  /(?:^|[\\/])(?:node_modules|site-packages|dist-packages)[\\/]|^node:|^internal[\\/]|^\/usr\/(?:local\/)?(?:lib|go|src|share)\/|^\/rustc\/|^https?:/;
