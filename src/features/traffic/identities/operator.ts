/** What a declared visitor comes for; what blocking it costs follows from it. */
export type Purpose =
  | 'search engine'
  | 'AI training'
  | 'AI answers'
  | 'asked by a person'
  | 'link preview'
  | 'feed reader'
  | 'uptime check'
  | 'advertising'
  | 'marketing'
  | 'archive'
  | 'research'
  | 'scanner'
  | 'script'
  | 'automated browser'
  | 'other';

/** A crawler by name, and how it can be told from those who only use the name. */
export interface Operator {
  /** As `analyze` shows it and `respond` takes it. */
  name: string;
  agent: RegExp;
  /** The token it looks for in robots.txt. */
  robots: string;
  purpose: Purpose;
  /** Published lists (of the snapshot) that say which addresses are its. */
  lists: readonly string[];
  /** A network beyond which it never comes; `whole`: the list is known to hold all of it. */
  network?: { list: string; whole: boolean };
  /** Names its addresses resolve to, and which resolve back. */
  dns: readonly string[];
  /** It says of itself that it does not look at robots.txt: a person asked for the page. */
  userTriggered?: true;
  /** Where it is written. */
  source: string;
}

/** What a block of an honest visitor of this purpose costs the site. */
export const COST_OF_BLOCK: Readonly<Record<Purpose, string>> = {
  'search engine': 'its search stops finding you',
  'AI training': 'its models stop learning from you',
  'AI answers': 'its answers stop citing you',
  'asked by a person': 'people who sent it are turned away',
  'link preview': 'shared links lose their previews',
  'feed reader': 'subscribers stop getting what you publish',
  'uptime check': 'somebody is told you are down',
  advertising: 'your ads there may stop',
  marketing: 'nothing people would notice',
  archive: 'you are no longer archived',
  research: 'nothing people would notice',
  scanner: 'nothing people would notice',
  script: 'perhaps a script of your own',
  'automated browser': 'perhaps a test of your own',
  other: 'not known',
};
