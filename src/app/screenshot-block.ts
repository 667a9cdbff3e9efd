import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { visibleLine } from '../core/visible-text.ts';
import { contentsLines, handOver } from './contents-lines.ts';
import { maskedText } from './evidence-fields.ts';
import { type Block, labelled } from './shown-entry.ts';

export const screenshotBlock: Block<'screenshot'> = (body, { shown, paint, line }) => {
  const { picture, viewport, wait, text, browser, status } = body;
  const said = [
    `${plural(body.console.errors, 'error')}`,
    `${plural(body.console.warnings, 'warning')}`,
    `${plural(body.console.others, 'other message')}`,
  ].join(', ');
  const page = body.page === null ? '' : `, the page is ${body.page.width}×${body.page.height}`;
  const area = body.area === 'page' ? 'the whole page' : 'what the window shows';
  return [
    labelled('page', paint.bold(visibleLine(body.title === '' ? body.finalUrl : body.title))),
    line('at', body.finalUrl),
    ...(body.url === body.finalUrl ? [] : [line('asked', body.url)]),
    ...(status === null
      ? []
      : [
          labelled('status', status < 400 ? paint.good(String(status)) : paint.bad(String(status))),
        ]),
    line(
      'picture',
      `${picture.width}×${picture.height}, ${humanBytes(picture.content.bytes)}: ${area}`,
    ),
    ...(body.cut ? [paint.warn(line('', `cut${page}`))] : []),
    ...contentsLines(picture.content, paint, line),
    line('window', `${viewport.width}×${viewport.height}${body.dark ? ', dark' : ''}`),
    line(
      'waited',
      `for ${waitText(wait)}${body.loadMicros === null ? '' : `; loaded after ${humanDuration(body.loadMicros)}`}`,
    ),
    ...(wait.reached
      ? []
      : [paint.bad(line('', 'in vain: the page is shown as it stood when time was over'))]),
    labelled('console', body.console.errors > 0 ? paint.bad(said) : said),
    labelled(
      'requests',
      `${plural(body.requests.all, 'request')}, ${body.requests.failed > 0 ? paint.bad(`${body.requests.failed} failed`) : 'none failed'}`,
    ),
    ...body.problems.map(
      ({ what, text: problem }) => `    ${paint.bad('✗')} ${PROBLEMS[what]}${visibleLine(problem)}`,
    ),
    ...body.dialogs.map(({ type, text: words }) => line('', `it opened a box (${type}): ${words}`)),
    ...(body.popups > 0
      ? [line('', `it opened ${plural(body.popups, 'window')}, which were closed`)]
      : []),
    ...(text === null ? [line('text', 'the page did not answer')] : textLines()),
    line(
      'browser',
      `${browser.name} ${browser.version}${browser.sandbox ? '' : ', without sandbox (root)'}${body.insecure ? ', certificates not checked' : ''}`,
    ),
    handOver(shown.name, 'picture', 'page.png', paint),
  ];

  function textLines(): string[] {
    if (text === null) return [];
    const size = line('text', humanBytes(text.bytes));
    if (text.masked === undefined) return [size];
    return [
      size,
      line('', maskedText(text.masked)),
      paint.bad(line('', 'the picture shows what was struck out of the text')),
    ];
  }
};

const PROBLEMS = { exception: 'thrown: ', error: 'logged: ', request: '' };

function waitText(wait: {
  for: string;
  selector?: string | undefined;
  millis?: number | undefined;
}) {
  if (wait.selector !== undefined) return wait.selector;
  return wait.millis === undefined ? WAITS[wait.for] : `${wait.millis} ms after it was loaded`;
}

const WAITS: Readonly<Record<string, string>> = {
  load: 'the page to be loaded',
  networkidle: 'the network to be quiet',
};
