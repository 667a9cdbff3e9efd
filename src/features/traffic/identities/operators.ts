import { AI_OPERATORS } from './ai-operators.ts';
import type { Operator } from './operator.ts';
import { SEARCH_OPERATORS } from './search-operators.ts';

const known = (list: string) => ({ network: { list, whole: false } });

/** Link previews, marketing and uptime checks. */
const OTHER_OPERATORS: readonly Operator[] = [
  // Apple's iMessage shows links as "facebookexternalhit … Facebot Twitterbot": it is neither.
  {
    name: 'iMessage preview',
    agent: /facebookexternalhit.*Facebot.*Twitterbot/i,
    robots: 'facebookexternalhit',
    purpose: 'link preview',
    lists: [],
    dns: [],
    userTriggered: true,
    source: 'github.com/coreruleset/fake-bot-plugin/issues/20',
  },
  {
    name: 'facebookexternalhit',
    agent: /facebookexternalhit|facebookcatalog|meta-externalfetcher/i,
    robots: 'facebookexternalhit',
    purpose: 'link preview',
    lists: [],
    dns: [],
    ...known('facebook'),
    userTriggered: true,
    source: 'developers.facebook.com/docs/sharing/webmasters/web-crawlers',
  },
  {
    name: 'TelegramBot',
    agent: /TelegramBot/i,
    robots: 'TelegramBot',
    purpose: 'link preview',
    lists: [],
    dns: [],
    ...known('telegram'),
    userTriggered: true,
    source: 'core.telegram.org/bots',
  },
  {
    name: 'SemrushBot',
    agent: /SemrushBot|SiteAuditBot/i,
    robots: 'SemrushBot',
    purpose: 'marketing',
    lists: [],
    dns: ['.semrush.com'],
    source: 'www.semrush.com/bot',
  },
  {
    name: 'AhrefsBot',
    agent: /AhrefsBot|AhrefsSiteAudit/i,
    robots: 'AhrefsBot',
    purpose: 'marketing',
    lists: [],
    dns: ['.ahrefs.com', '.ahrefs.net'],
    source: 'ahrefs.com/robot',
  },
  {
    name: 'UptimeRobot',
    agent: /UptimeRobot/i,
    robots: 'UptimeRobot',
    purpose: 'uptime check',
    lists: ['uptimerobot'],
    dns: ['.uptimerobot.com'],
    source: 'uptimerobot.com/help/locations',
  },
  {
    name: 'Pingdom',
    agent: /Pingdom/i,
    robots: 'Pingdom',
    purpose: 'uptime check',
    lists: ['pingdom'],
    dns: [],
    source: 'my.pingdom.com/probes/ipv4',
  },
  {
    name: 'Better Stack',
    agent: /Better ?(?:Stack|Uptime)/i,
    robots: 'BetterStack',
    purpose: 'uptime check',
    lists: ['betterstack'],
    dns: [],
    source: 'uptime.betterstack.com/ips.txt',
  },
];

/**
 * Those that publish how to verify them, or that anybody must expect in a log of today; the first
 * that matches is meant. More names come from crawler-user-agents; `source` says where each is from.
 */
export const OPERATORS: readonly Operator[] = [
  ...OTHER_OPERATORS,
  ...SEARCH_OPERATORS,
  ...AI_OPERATORS,
];
