import { heading, type Writer } from './rule-file.ts';

/** robots.txt: a request to those who read it; who only uses a name does not. */
export const robotsTxt: Writer = (rules, options) => {
  const asked = rules.filter(({ words, path, agent, networks, exceptNetworks }) => {
    return (
      agent === null &&
      networks.length === 0 &&
      exceptNetworks.length === 0 &&
      (words.length > 0 || path !== null)
    );
  });
  const groups = asked.map(({ words, path }) => [
    ...(words.length > 0
      ? words.map((word) => `User-agent: ${word.split(/[ /]/, 1)[0]}`)
      : ['User-agent: *']),
    `Disallow: ${path ?? '/'}`,
    '',
  ]);
  return {
    files: [
      {
        name: 'proof-robots.txt',
        text: [heading('#', rules, options), ...groups.flat()].join('\n'),
      },
    ],
    apply: ['add these lines to the robots.txt of your site, and keep its other groups'],
    undo: ['take them out again'],
    without: rules
      .filter((rule) => !asked.includes(rule))
      .map(({ n }) => ({ rule: n, why: 'robots.txt knows names and paths, no addresses' })),
  };
};
