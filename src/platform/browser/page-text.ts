import type { Page } from 'playwright-core';

/**
 * What can be read on a page: the text of all its frames and shadow roots, and the values of its
 * fields. Pixels cannot be searched for secrets; this can, and stands for them.
 *
 * @returns null where the page does not answer within `timeoutMs`
 */
export async function pageText(page: Page, timeoutMs: number): Promise<string | null> {
  const frames = page.frames().slice(0, MOST_FRAMES);
  const texts = await Promise.all(
    frames.map((frame) => within(frame.evaluate(readText, MOST_TEXT), timeoutMs)),
  );
  if (texts[0] === null || texts[0] === undefined) return null;
  return texts
    .filter((text) => typeof text === 'string' && text.trim() !== '')
    .join('\n\n')
    .toWellFormed();
}

/** Null if it fails or takes too long: then the page is busy, or gone. */
export async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  try {
    return await Promise.race([work.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}

const MOST_FRAMES = 50;
const MOST_TEXT = 4 * 1024 * 1024;

/** Runs in the page, which may be hostile: nothing it returns is believed, only kept. */
function readText(most: number): string {
  // The page's own world, where this tree has no types.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const { document } = globalThis as any;
  const parts: string[] = [document.body?.innerText ?? document.documentElement?.textContent ?? ''];
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const walk = (root: any, depth: number) => {
    for (const element of root.querySelectorAll('*')) {
      const { shadowRoot, tagName } = element;
      if (shadowRoot && depth < 20) {
        for (const child of shadowRoot.children) {
          if (!/^(?:STYLE|SCRIPT|TEMPLATE)$/.test(child.tagName)) parts.push(child.innerText ?? '');
        }
        walk(shadowRoot, depth + 1);
      }
      const hidden = element.type === 'password' || element.type === 'hidden';
      if ((tagName === 'INPUT' || tagName === 'TEXTAREA') && !hidden && element.value) {
        parts.push(`${element.name || element.id || tagName.toLowerCase()}: ${element.value}`);
      }
    }
  };
  walk(document, 0);
  return parts.join('\n').slice(0, most);
}
