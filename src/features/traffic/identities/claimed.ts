import crawlers from 'crawler-user-agents';
import { isbot } from 'isbot';
import { visibleLine } from '../../../core/visible-text.ts';
import { shownText } from '../formats/binary-text.ts';
import type { Operator, Purpose } from './operator.ts';
import { OPERATORS } from './operators.ts';

/** Whom a user agent says it is, or null for one that claims to be a browser, or nothing. */
export interface Claim {
  name: string;
  purpose: Purpose;
  /** Its robots.txt token. */
  robots: string;
  /** Known here, with a way to verify it, or null. */
  operator: Operator | null;
}

/**
 * Reads claims from user agents, each different one once. Naming beyond the operators known here
 * goes through 1 500 patterns: that is done for the first thousands of agents only, since somebody
 * who sends a new one with every request must not take all the time there is.
 */
export class ClaimReader {
  readonly #known = new Map<string, Claim>();
  #looked = 0;

  /** `whole` is the user agent, as binary text. */
  claimOf(whole: string): Claim | null {
    if (whole === '') return null;
    // "Feedly/1.0 (… like FeedFetcher-Google)" says whom it resembles, not who it is.
    const agent = whole.replace(/\blike [\w-]*(?:bot|fetcher|spider)[\w-]*/gi, '');
    const operator = OPERATORS.find((one) => one.agent.test(agent));
    if (operator !== undefined) {
      const { name, purpose, robots } = operator;
      return this.#same({ name, purpose, robots, operator });
    }
    if (!isbot(agent)) return null;
    const pattern = this.#looked++ < MOST_LOOKED_AT ? patternFor(agent) : undefined;
    const name = pattern === undefined ? productIn(agent) : nameOf(pattern.source, agent);
    const purpose = pattern?.purpose ?? purposeIn(agent);
    return this.#same({ name, purpose, robots: name, operator: null });
  }

  #same(claim: Claim): Claim {
    const known = this.#known.get(claim.name);
    if (known !== undefined) return known;
    this.#known.set(claim.name, claim);
    return claim;
  }
}

const MOST_LOOKED_AT = 5_000;
const LIBRARY =
  /^(?:curl|wget|python|java|go-http|ruby|perl|libwww|php|okhttp|axios|node|got|aiohttp|httpx|scrapy|apache-httpclient)/i;

function purposeIn(agent: string): Purpose {
  if (LIBRARY.test(agent)) return 'script';
  return FEED_READER.test(agent) ? 'feed reader' : 'other';
}

const FEED_READER =
  /\b(?:rss|atom|feeds?|feedparser|newsreader|aggregator|\d+ (?:subscribers?|readers?))|feedparser|reeder|liferea|akregator/i;

interface Pattern {
  source: string;
  test: RegExp;
  purpose: Purpose;
}

const PURPOSES: Readonly<Record<string, Purpose>> = {
  'search-engine': 'search engine',
  'ai-crawler': 'AI training',
  'social-preview': 'link preview',
  'feed-reader': 'feed reader',
  monitoring: 'uptime check',
  advertising: 'advertising',
  seo: 'marketing',
  archiver: 'archive',
  academic: 'research',
  scanner: 'scanner',
  'http-library': 'script',
  'browser-automation': 'automated browser',
};

let patterns: readonly Pattern[] | undefined;

function patternFor(agent: string): Pattern | undefined {
  patterns ??= (crawlers as { pattern: string; tags?: string[] }[]).map(({ pattern, tags }) => ({
    source: pattern,
    test: new RegExp(pattern),
    purpose: PURPOSES[tags?.[0] ?? ''] ?? 'other',
  }));
  return patterns.find(({ test }) => test.test(agent));
}

/** The words of the agent that the pattern is about, as the agent spells them. */
function nameOf(pattern: string, agent: string): string {
  const found =
    new RegExp(pattern)
      .exec(agent)?.[0]
      .replace(/[/\s(;:]+$/, '')
      .trim() ?? '';
  return /^[\w .+!-]{3,40}$/.test(found) ? found : productIn(agent);
}

/** `Mozilla/5.0 (compatible; FooBot/1.0; …)` is FooBot; else the first product. */
function productIn(agent: string): string {
  const word =
    /[\w.-]*(?:bot|crawler|spider|fetch|scan|monitor|preview|feed)[\w.-]*/i.exec(agent)?.[0] ??
    /\(compatible;? ([\w.+-]+)(?:\/|;|\))/.exec(agent)?.[1] ??
    /^(?!Mozilla\b)[\w.+-]+/.exec(agent)?.[0] ??
    'unnamed programs';
  return visibleLine(shownText(word)).slice(0, 40);
}
