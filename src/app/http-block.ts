import type { Body } from '../core/entries/kinds.ts';
import { humanBytes } from '../core/human-units.ts';
import { isTextType } from '../core/text-type.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import { contentsLines, handOver } from './contents-lines.ts';
import { timingText } from './http-text.ts';
import type { Paint } from './paint.ts';
import { type Block, indent, type Line, labelled } from './shown-entry.ts';

type Http = Body<'http'>;

export const httpBlock: Block<'http'> = (body, { shown, paint, line }) => {
  const { answer, failure, expected } = body;
  return [
    labelled('request', paint.bold(visibleLine(`${body.method} ${body.url}`))),
    ...headerLines(body.request.headers, paint),
    ...(body.request.content === null
      ? []
      : [
          line('sent', humanBytes(body.request.content.bytes)),
          ...contentsLines(body.request.content, paint, line),
        ]),
    ...body.redirects.map(({ status, url }) => line('', `${status} → ${url}`)),
    ...(body.address === null
      ? []
      : [line('address', `${body.address.ip} port ${body.address.port}`)]),
    ...(body.tls === null ? [] : tlsLines(body.tls, paint, line)),
    line('took', timingText(body.timing)),
    ...(answer === null ? [] : answerLines(answer, paint, line)),
    ...(failure === null ? [] : [paint.bad(line('failed', `${failure.why} (${failure.what})`))]),
    ...(expected === undefined
      ? []
      : [
          labelled(
            'expected',
            `${visibleLine(expected.status)}: ${expected.met ? paint.good('✓ it came') : paint.bad('✗ another came')}`,
          ),
        ]),
    ...bodyLines(),
  ];

  function bodyLines(): string[] {
    if (answer === null || answer.content.bytes === 0) return [];
    const asText = shown.plain !== null && isTextType(answer.type);
    return [
      ...(asText ? ['', indent(visible((shown.plain as string).replace(/\n$/, '')))] : []),
      ...(!asText || shown.output.some(({ truncated }) => truncated)
        ? [handOver(shown.name, 'body', 'body', paint)]
        : []),
    ];
  }
};

function answerLines(answer: NonNullable<Http['answer']>, paint: Paint, line: Line): string[] {
  const status = visibleLine(`${answer.status} ${answer.reason}`.trim());
  const encodings =
    answer.encodings.length === 0
      ? ''
      : `, sent as ${answer.encodings.join(', ')} (${humanBytes(answer.wireBytes)})`;
  const still =
    answer.encodedStill === undefined ? '' : `, still encoded as ${answer.encodedStill}`;
  return [
    labelled(
      'answer',
      `${answer.status < 400 ? paint.good(status) : paint.bad(status)} ${paint.dim(`HTTP/${visibleLine(answer.httpVersion)}`)}`,
    ),
    ...headerLines(answer.headers, paint),
    line('body', `${answer.type}, ${humanBytes(answer.content.bytes)}${encodings}${still}`),
    ...contentsLines(answer.content, paint, line),
  ];
}

function headerLines(headers: Http['request']['headers'], paint: Paint): string[] {
  return headers.map(({ name, value }) =>
    paint.dim(`    ${visibleLine(name)}: ${value === null ? '(not kept)' : visibleLine(value)}`),
  );
}

function tlsLines(tls: NonNullable<Http['tls']>, paint: Paint, line: Line): string[] {
  const { certificate } = tls;
  return [
    labelled(
      'tls',
      `${visibleLine(tls.protocol)} ${visibleLine(tls.cipher)}, ${tls.trusted ? 'the certificate holds' : paint.bad(`not trusted: ${visibleLine(tls.why ?? '')}`)}`,
    ),
    ...(certificate === null
      ? []
      : [
          line(
            '',
            `for ${certificate.names.slice(0, 5).join(', ') || certificate.subject}, by ${certificate.issuer}`,
          ),
          line('', `from ${certificate.validFrom} to ${certificate.validTo}`),
          paint.dim(line('', `sha256 ${certificate.sha256}`)),
        ]),
  ];
}
