/** A text in which `*` stands for any characters, also blanks and none: how other tools match. */
export type StringPattern = string;

/** Whether some text matches both patterns. */
export function patternsOverlap(a: StringPattern, b: StringPattern): boolean {
  // reached[j]: what is left of `a` and `b.slice(j)` can be the same text; filled from the ends.
  let after: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const reached: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      const [p, q] = [a[i], b[j]];
      if (p === undefined && q === undefined) reached[j] = true;
      else if (p === '*' || q === '*') {
        reached[j] =
          (p === '*' && (after[j] === true || (q !== undefined && reached[j + 1] === true))) ||
          (q === '*' && (reached[j + 1] === true || (p !== undefined && after[j] === true)));
      } else reached[j] = p !== undefined && p === q && after[j + 1] === true;
    }
    after = reached;
  }
  return after[0] === true;
}
