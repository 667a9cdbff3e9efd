import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts';
import { shownText } from './binary-text.ts';
import { detect, lineParser } from './detect.ts';
import { emptyRecord, type LogRecord } from './record.ts';

/** What CrowdSec's maintainers assert of a line, where it is about reading it. */
interface Asserted {
  message?: string;
  ok?: boolean;
  fields: Map<string, string>;
}

const FIELDS: Readonly<Record<string, (record: LogRecord) => string>> = {
  remote_addr: ({ address }) => address,
  source_ip: ({ address }) => address,
  verb: ({ method }) => method,
  http_verb: ({ method }) => method,
  http_status: ({ status }) => String(status),
  status: ({ status }) => String(status),
  http_user_agent: ({ agent }) => shownText(agent),
};

/** Parsers of theirs whose lines are access log lines; error logs are no requests. */
const PARSERS =
  /"s01-parse"\]\["(?:crowdsecurity\/(?:nginx-logs|apache2-logs|caddy-logs|traefik-logs|haproxy-logs|nginx-proxy-manager-logs|litespeed-logs|aws-alb))"\]\[(\d+)\]/;

function assertions(text: string): Asserted[] {
  const found: Asserted[] = [];
  for (const line of text.split('\n')) {
    const index = PARSERS.exec(line)?.[1];
    if (index === undefined) continue;
    found[Number(index)] ??= { fields: new Map() };
    const one = found[Number(index)] as Asserted;
    const success = /\]\.Success == (true|false)/.exec(line);
    if (success !== null) one.ok = success[1] === 'true';
    const parsed = /Evt\.(?:Parsed|Meta)\["(\w+)"\] == ("(?:[^"\\]|\\.)*")$/.exec(line);
    if (parsed === null) continue;
    const value = unquoted(parsed[2] as string);
    if (parsed[1] === 'message') one.message = value;
    else one.fields.set(parsed[1] as string, value);
  }
  return found;
}

/** Go's quoting, as far as it is JSON's too; null-safe for what is not. */
function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return '\0';
  }
}

describeWithData('logs/crowdsec-tests', 'CrowdSec’s assertions about reading lines', () => {
  const root = sharedPath('logs/crowdsec-tests/.tests');
  const folders = readdirSync(root).filter((name) => existsSync(join(root, name, 'parser.assert')));
  let compared = 0;

  test.each(folders)('%s', (folder) => {
    for (const { message, ok, fields } of assertions(
      readFileSync(join(root, folder, 'parser.assert'), 'utf8'),
    )) {
      // Lines that name a status are requests; others come from error logs.
      if (ok !== true || message === undefined || !fields.has('http_status')) continue;
      if (/^\d{4}\/\d\d\/\d\d /.test(message) || message.includes('\0')) continue;
      const binary = Buffer.from(message).toString('latin1');
      const record = emptyRecord();
      const refusal = lineParser(detect([binary]))(binary, record);
      expect([message, refusal]).toEqual([message, null]);
      for (const [name, value] of fields) {
        const of = FIELDS[name];
        if (of === undefined) continue;
        // They write nothing as "-", and one dash where a log has it.
        const nothing = name.endsWith('status') ? '0' : '';
        const wanted = value === '-' ? nothing : value;
        expect([message, name, of(record)]).toEqual([message, name, wanted]);
        compared++;
      }
    }
  });

  test('they were many', () => {
    expect(compared).toBeGreaterThan(500);
  });
});
