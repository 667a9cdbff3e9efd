/** Ends like a file or a folder of this repository. */
const looksLikePath = /^[\w.-]+(\/[\w.-]+)*(\/|\.(ts|tsx|js|json|md|txt|yaml|yml|sh|css))$/;

/**
 * The repository's paths that a Markdown text names, in code spans and links: those with a file's
 * ending or a closing slash, and those that begin with one of `known` (the entries of the root).
 * Commands, globs, placeholders, package names and addresses are not paths.
 */
export function pathsNamedIn(markdown: string, known: readonly string[]): string[] {
  const prose = markdown.replace(/^```.*?^```/gms, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`|\]\(([^)\s]+)\)/g)];
  const words = spans.map(([, code, link]) => (code ?? link ?? '').replace(/(:\d+|#.*)$/, ''));
  return [...new Set(words)].filter((word) => {
    if (/[\s*<>{}…:@~$]/.test(word) || word.startsWith('/') || word.startsWith('..')) return false;
    const [first = ''] = word.split('/');
    return looksLikePath.test(word) || (word.includes('/') && known.includes(first));
  });
}
