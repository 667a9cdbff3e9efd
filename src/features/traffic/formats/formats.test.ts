import { expect, test } from 'vitest';
import { detect, lineParser } from './detect.ts';
import { nginxFormat } from './nginx-format.ts';
import { emptyRecord, type LogRecord } from './record.ts';

type Expected = Partial<Record<keyof LogRecord, unknown>>;

/** Format that must be detected, name of the case, lines, fields of the last line (or its refusal). */
const CASES: readonly [
  format: string,
  name: string,
  lines: string[],
  expected: Expected | string,
][] = [
  [
    'combined',
    'nginx combined',
    [
      '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a?b=c HTTP/1.1" 200 203023 "https://example.org/" "Mozilla/5.0 (X11)"',
    ],
    {
      address: '192.0.2.7',
      time: Date.UTC(2015, 4, 17, 10, 5, 3),
      method: 'GET',
      target: '/a?b=c',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 203023,
      referer: 'https://example.org/',
      agent: 'Mozilla/5.0 (X11)',
      durationMicros: -1,
      host: '',
      user: '',
    },
  ],
  [
    'combined',
    'Apache common, no bytes',
    ['192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 304 -'],
    {
      user: 'frank',
      bytes: 0,
      status: 304,
      time: Date.UTC(2000, 9, 10, 20, 55, 36),
      agent: '',
      referer: '',
    },
  ],
  [
    'combined',
    'Apache vhost_combined',
    [
      'www.example.org:443 192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "x/1"',
    ],
    { host: 'www.example.org', address: '192.0.2.7', agent: 'x/1', referer: '' },
  ],
  [
    'combined',
    'vhost without port',
    ['www.example.org 192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5'],
    { host: 'www.example.org', address: '192.0.2.7' },
  ],
  [
    'combined',
    'X-Forwarded-For and request time appended',
    [
      '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "x/1" "198.51.100.4, 10.0.0.1" 0.123',
    ],
    { forwarded: '198.51.100.4, 10.0.0.1', durationMicros: 123000 },
  ],
  [
    'combined',
    'a dash appended',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "x/1" "-"'],
    { forwarded: '', agent: 'x/1' },
  ],
  [
    'combined',
    'client and proxies first',
    ['198.51.100.4, 10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "x/1"'],
    { address: '198.51.100.4' },
  ],
  [
    'combined',
    'escaped quotes, Apache',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /q HTTP/1.1" 200 5 "-" "say \\"hi\\""'],
    { agent: 'say "hi"' },
  ],
  [
    'combined',
    'escaped quotes, nginx',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /q HTTP/1.1" 200 5 "-" "say \\x22hi\\x22"'],
    { agent: 'say "hi"' },
  ],
  [
    'combined',
    'backslash before the closing quote',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /q HTTP/1.1" 200 5 "-" "C:\\\\"'],
    { agent: 'C:\\' },
  ],
  [
    'combined',
    'bare quotes in the request',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /q="x" HTTP/1.1" 404 5 "-" "x/1"'],
    { target: '/q="x"', status: 404 },
  ],
  [
    'combined',
    'a space in the path',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a b c HTTP/1.1" 404 5 "-" "x/1"'],
    { target: '/a b c', method: 'GET' },
  ],
  [
    'combined',
    'IPv6',
    ['2001:db8::1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/2.0" 200 5 "-" "x/1"'],
    { address: '2001:db8::1' },
  ],
  [
    'combined',
    'IPv6 in brackets',
    ['[2001:db8::1] - - [17/May/2015:10:05:03 +0000] "GET / HTTP/2.0" 200 5 "-" "x/1"'],
    { address: '2001:db8::1' },
  ],
  [
    'combined',
    'host name',
    ['in24.example.net - - [01/Aug/1995:00:00:01 -0400] "GET /shuttle/ HTTP/1.0" 200 1839'],
    { address: 'in24.example.net', host: '' },
  ],
  [
    'combined',
    'user with a space',
    ['192.0.2.7 - bob smith [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 401 5 "-" "x/1"'],
    { address: '192.0.2.7', user: 'bob smith' },
  ],
  [
    'combined',
    'user with a bracket',
    ['192.0.2.7 - a[b] [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 401 5 "-" "x/1"'],
    { address: '192.0.2.7', user: 'a[b]' },
  ],
  [
    'combined',
    'TLS hello',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "\\x16\\x03\\x01\\x00" 400 157 "-" "-"'],
    { method: '', target: '\\x16\\x03\\x01\\x00', status: 400 },
  ],
  [
    'combined',
    'raw TLS bytes',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "\x16\x03\x01 \x00" 400 157 "-" "-"'],
    { method: '', target: '\x16\x03\x01 \x00' },
  ],
  [
    'combined',
    'no request at all',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "-" 408 0 "-" "-"'],
    { method: '', target: '', status: 408 },
  ],
  [
    'combined',
    'empty request',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "" 400 0 "-" "-"'],
    { method: '', target: '' },
  ],
  [
    'combined',
    'HTTP/0.9',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /" 200 3'],
    { method: 'GET', target: '/', protocol: '' },
  ],
  [
    'combined',
    'cut off in the agent',
    [
      '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 3 "-" "Mozilla/5.0 (compatible; Googlebot/2.1',
    ],
    'truncated',
  ],
  [
    'combined',
    'cut off in the request',
    ['192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HT'],
    'truncated',
  ],
  ['combined', 'nothing but spaces', ['   '], 'empty'],
  ['combined', 'no log line', ['garbage line'], 'no-time'],
  [
    'combined',
    'the 31st of a month that is none',
    ['192.0.2.7 - - [31/Foo/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 3'],
    'no-time',
  ],
  [
    'combined',
    'syslog in front',
    [
      '<190>May 17 10:05:03 web1 nginx: 192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "x/1"',
    ],
    { address: '192.0.2.7', host: '' },
  ],
  [
    'combined',
    'Kubernetes in front',
    [
      '2025-12-31T17:37:40.493035218+01:00 stdout F 192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "x/1"',
    ],
    { address: '192.0.2.7' },
  ],
  [
    'combined',
    'quotes around the line',
    ['"192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "x/1""'],
    { address: '192.0.2.7', agent: 'x/1' },
  ],
  [
    'combined',
    'Traefik CLF',
    [
      '192.0.2.7 - - [08/Dec/2021:09:16:05 +0000] "GET / HTTP/1.1" 200 414 "-" "-" 500 "test@docker" "http://10.0.0.3:80" 12ms',
    ],
    { durationMicros: 12000, agent: '' },
  ],
  [
    'combined',
    'ISO time in brackets',
    ['192.0.2.7 - - [2024-03-12T15:22:28+01:00] "GET / HTTP/1.1" 200 5 "-" "x/1"'],
    { time: Date.UTC(2024, 2, 12, 14, 22, 28) },
  ],
  [
    'Caddy',
    'Caddy 2',
    [
      '{"level":"info","ts":1693840791.7564995,"logger":"http.log.access","request":{"remote_ip":"10.0.0.1","client_ip":"192.0.2.7","proto":"HTTP/2.0","method":"GET","host":"example.org:443","uri":"/a","headers":{"User-Agent":["x/1"],"Referer":["https://e/"]}},"duration":0.0000027,"size":12,"status":200}',
    ],
    {
      address: '192.0.2.7',
      time: 1693840791756,
      host: 'example.org',
      target: '/a',
      agent: 'x/1',
      referer: 'https://e/',
      bytes: 12,
      durationMicros: 3,
    },
  ],
  [
    'Caddy',
    'header names in small letters, agent not ASCII',
    [
      '{"ts":1693840791,"request":{"remote_ip":"192.0.2.7","method":"GET","uri":"/","proto":"HTTP/1.1","headers":{"user-agent":["caf\\u00e9"]}},"status":200,"size":1}',
    ],
    { agent: 'caf\xc3\xa9' },
  ],
  [
    'Traefik JSON',
    'Traefik',
    [
      '{"ClientHost":"192.0.2.7","DownstreamContentSize":357,"DownstreamStatus":"200","Duration":357313,"RequestHost":"e.org","RequestMethod":"GET","RequestPath":"/x","RequestProtocol":"HTTP/1.1","StartUTC":"2021-12-08T14:02:43.587782192Z","request_User-Agent":"x/1"}',
    ],
    {
      address: '192.0.2.7',
      status: 200,
      bytes: 357,
      durationMicros: 357,
      time: Date.UTC(2021, 11, 8, 14, 2, 43, 587),
      agent: 'x/1',
    },
  ],
  [
    'Cloudflare Logpush',
    'nanoseconds',
    [
      '{"ClientIP":"192.0.2.7","ClientRequestHost":"e.org","ClientRequestMethod":"GET","ClientRequestURI":"/x?y","ClientRequestUserAgent":"x/1","EdgeResponseBytes":69045,"EdgeResponseStatus":200,"EdgeStartTimestamp":1506702504433000200}',
    ],
    { address: '192.0.2.7', target: '/x?y', bytes: 69045, time: 1506702504433 },
  ],
  [
    'Cloudflare Logpush',
    'RFC 3339',
    [
      '{"ClientIP":"2001:db8::9","ClientRequestURI":"/","EdgeResponseStatus":403,"EdgeStartTimestamp":"2026-05-01T10:00:00Z"}',
    ],
    { status: 403, time: Date.UTC(2026, 4, 1, 10) },
  ],
  [
    'Google Cloud',
    'load balancer',
    [
      '{"timestamp":"2026-05-01T10:00:00.123456Z","httpRequest":{"remoteIp":"192.0.2.7","requestUrl":"https://e.org/a?b","requestMethod":"GET","status":200,"responseSize":"512","userAgent":"x/1","latency":"0.052s","protocol":"HTTP/1.1"}}',
    ],
    { host: 'e.org', target: '/a?b', bytes: 512, durationMicros: 52000 },
  ],
  [
    'Vercel',
    'drain',
    [
      '{"id":"1","source":"static","timestamp":1693840791756,"proxy":{"timestamp":1693840791756,"method":"GET","host":"e.org","path":"/a","clientIp":"192.0.2.7","statusCode":200,"userAgent":["x/1"]}}',
    ],
    { agent: 'x/1', host: 'e.org', time: 1693840791756 },
  ],
  [
    'JSON',
    'nginx escape=json',
    [
      '{"time_iso8601":"2026-05-01T10:00:00+02:00","remote_addr":"192.0.2.7","request":"GET /a HTTP/1.1","status":"200","body_bytes_sent":"7","http_user_agent":"x/1","request_time":"0.005"}',
    ],
    { time: Date.UTC(2026, 4, 1, 8), target: '/a', bytes: 7, durationMicros: 5000 },
  ],
  [
    'JSON',
    'Envoy',
    [
      '{":authority":"e.org","bytes_sent":7,"downstream_remote_address":"192.0.2.7:5","method":"GET","protocol":"HTTP/2","response_code":200,"start_time":"2025-12-31T16:37:40.479Z","user-agent":"x/1","x-envoy-origin-path":"/a"}',
    ],
    { address: '192.0.2.7', status: 200, target: '/a' },
  ],
  [
    'JSON',
    'cut off',
    [
      '{"time_iso8601":"2026-05-01T10:00:00Z","remote_addr":"192.0.2.7","request":"GET / HTTP/1.1","status":"200"}',
      '{"remote_addr":"192.0',
    ],
    'truncated',
  ],
  [
    'combined',
    'Docker around it',
    [
      '{"log":"192.0.2.7 - - [17/May/2015:10:05:03 +0000] \\"GET / HTTP/1.1\\" 200 5 \\"-\\" \\"x/1\\"\\n","stream":"stdout","time":"2026-05-01T10:00:00Z"}',
    ],
    { address: '192.0.2.7', agent: 'x/1' },
  ],
  [
    'W3C extended',
    'IIS',
    [
      '#Software: IIS',
      '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
      '2026-05-01 10:00:00 10.0.0.1 GET /a b=c 443 - 192.0.2.7 Mozilla/5.0+(X11) - 200 0 0 15',
    ],
    {
      address: '192.0.2.7',
      target: '/a?b=c',
      agent: 'Mozilla/5.0 (X11)',
      durationMicros: 15000,
      time: Date.UTC(2026, 4, 1, 10),
    },
  ],
  [
    'W3C extended',
    'other columns from mid-file on',
    [
      '#Fields: date time c-ip cs-method cs-uri-stem sc-status',
      '2026-05-01 10:00:00 192.0.2.7 GET /a 200',
      '#Fields: time c-ip sc-status cs-uri-stem',
      '#Date: 2026-05-02 00:00:00',
      '11:00:00 192.0.2.8 404 /b',
    ],
    { address: '192.0.2.8', status: 404, time: Date.UTC(2026, 4, 2, 11) },
  ],
  [
    'W3C extended',
    'a row cut off',
    [
      '#Fields: date time c-ip cs-method cs-uri-stem sc-status',
      '2026-05-01 10:00:00 192.0.2.7 GET /a 200',
      '2026-05-01 10:00:00 192.0',
    ],
    'truncated',
  ],
  [
    'W3C extended',
    'CloudFront, agent encoded twice',
    [
      '#Version: 1.0',
      '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query',
      '2026-05-01\t10:00:00\tFRA\t703\t192.0.2.7\tGET\td.cloudfront.net\t/a\t200\t-\tMozilla/5.0%2520(X11)\t-',
    ],
    { agent: 'Mozilla/5.0 (X11)', bytes: 703, target: '/a' },
  ],
  [
    'W3C extended',
    'CloudFront without its head',
    [
      '2024-03-12\t15:22:28\tCDG50-P2\t703\t192.0.2.7\tGET\td.cloudfront.net\t/t\t400\t-\tcurl/7\tq=42\t-\tError\tid==\thub.example.org\thttps\t62\t0.113\t-\tTLSv1.3\tX\tError\tHTTP/2.0\t-\t-\t51754\t0.113\tError\ttext/plain\t20\t-\t-',
    ],
    { host: 'hub.example.org', target: '/t?q=42', durationMicros: 113000, protocol: 'HTTP/2.0' },
  ],
  [
    'AWS load balancer',
    'ALB',
    [
      'https 2026-05-01T10:00:00.186641Z app/lb/1 192.0.2.7:44740 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://e.org:443/robots.txt HTTP/1.1" "curl/7.46.0" ECDHE TLSv1.2 arn "Root=1" "e.org" "arn" 1 2026-05-01T10:00:00.100000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"',
    ],
    {
      address: '192.0.2.7',
      host: 'e.org',
      target: '/robots.txt',
      bytes: 57,
      agent: 'curl/7.46.0',
      durationMicros: 171000,
    },
  ],
  [
    'AWS load balancer',
    'ALB, IPv6, nothing asked',
    [
      'h2 2026-05-01T10:00:00.186641Z app/lb/1 [2001:db8::1]:44740 - -1 -1 -1 400 - 0 0 "- https://e.org:443- -" "-" - - - "-" "-" "-" - 2026-05-01T10:00:00.100000Z "-" "-" "-" "-" "-" "-" "-"',
    ],
    { address: '2001:db8::1', status: 400, method: '', durationMicros: -1 },
  ],
  [
    'AWS load balancer',
    'classic',
    [
      '2026-05-01T10:00:00.1Z lb 192.0.2.7:1 10.0.0.1:80 0.1 0.1 0.1 200 200 0 57 "GET http://e.org:80/ HTTP/1.1" "curl/7" - -',
    ],
    { target: '/', agent: 'curl/7' },
  ],
  [
    'AWS S3',
    'S3',
    [
      '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket1 [06/Feb/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F3EXAMPLE REST.GET.OBJECT a.png "GET /bucket1/a.png HTTP/1.1" 200 - 2662992 3462992 70 10 "-" "S3Console/0.4" - x SigV4',
    ],
    {
      address: '192.0.2.3',
      bytes: 2662992,
      durationMicros: 70000,
      agent: 'S3Console/0.4',
      host: 'bucket1',
    },
  ],
  [
    'HAProxy',
    'httplog',
    [
      '192.0.2.7:14853 [14/Jan/2026:12:48:57.127] https-in~ web/node1 170/0/0/3/173 200 739 - - --NN 0/0/0/0/0 0/0 {e.org|Mozilla/5.0 (X11)} "GET /x HTTP/1.1"',
    ],
    {
      address: '192.0.2.7',
      status: 200,
      bytes: 739,
      agent: 'Mozilla/5.0 (X11)',
      host: 'e.org',
      time: Date.UTC(2026, 0, 14, 12, 48, 57, 127),
      durationMicros: 173000,
    },
  ],
  [
    'HAProxy',
    'behind syslog',
    [
      'Feb  6 12:14:14 localhost haproxy[14389]: 192.0.2.7:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /index.html HTTP/1.1"',
    ],
    { address: '192.0.2.7', target: '/index.html' },
  ],
  [
    'HAProxy',
    'no request',
    [
      '192.0.2.7:14853 [14/Jan/2026:12:48:57.127] https-in~ web/node1 170/0/0/3/173 200 739 - - --NN 0/0/0/0/0 0/0 "GET /x HTTP/1.1"',
      '192.0.2.7:50033 [28/Feb/2025:02:43:10.123] fe/be: SSL handshake failure',
    ],
    'not-understood',
  ],
  [
    'Nginx Proxy Manager',
    'its own',
    [
      '[24/Jan/2022:16:51:02 +0000] - 404 404 - GET http e.org "/sdfdsf" [Client 192.0.2.7] [Length 192] [Gzip 3.10] [Sent-to e] "Mozilla/5.0 (X11)" "-"',
    ],
    { address: '192.0.2.7', status: 404, bytes: 192, agent: 'Mozilla/5.0 (X11)' },
  ],
  [
    'tab-separated',
    'named columns',
    [
      'host\tlogname\ttime\tmethod\turl\tresponse\tbytes',
      'a.example.net\t-\t807256800\tGET\t/x.gif\t200\t1713',
    ],
    { address: 'a.example.net', time: 807256800000, bytes: 1713, target: '/x.gif' },
  ],
  [
    'combined',
    'Caddy in the middle',
    [
      '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5',
      '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5',
      '{"ts":1693840791,"request":{"remote_ip":"192.0.2.9","method":"GET","uri":"/","proto":"HTTP/1.1"},"status":200,"size":1}',
    ],
    { address: '192.0.2.9' },
  ],
];

for (const [format, name, lines, expected] of CASES) {
  test(`${format}: ${name}`, () => {
    const found = detect(lines);
    if (typeof expected !== 'string' || lines.length > 1) expect(found.name).toBe(format);
    const parse = lineParser(found);
    const record = emptyRecord();
    const results = lines.map((line) => parse(line, record));
    const last = results.at(-1);
    if (typeof expected === 'string') expect(last).toBe(expected);
    else {
      expect(last).toBe(null);
      expect(record).toMatchObject(expected);
    }
  });
}

test('a truncated line still tells whose it was', () => {
  const record = emptyRecord();
  const line =
    '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 3 "-" "Googlebot/2.1';
  expect(lineParser(detect([line]))(line, record)).toBe('truncated');
  expect(record).toMatchObject({ address: '192.0.2.7', agent: 'Googlebot/2.1', status: 200 });
});

test('a log_format of nginx', () => {
  const format = nginxFormat(
    '[$time_local] $host $remote_addr $request_time "$request" $status $body_bytes_sent $bytes_sent $http_referer $http_user_agent',
  );
  const record = emptyRecord();
  const line =
    '[10/Feb/2024:21:23:32 +0100] mx.example.org 192.0.2.100 0.227 "REPORT /dav/ HTTP/2.0" 207 125 440 - Mozilla/5.0 (X11; rv:123.0) Thunderbird/123.0';
  expect(format && lineParser(format)(line, record)).toBe(null);
  expect(record).toMatchObject({
    host: 'mx.example.org',
    address: '192.0.2.100',
    durationMicros: 227000,
    status: 207,
    bytes: 125,
    agent: 'Mozilla/5.0 (X11; rv:123.0) Thunderbird/123.0',
    method: 'REPORT',
  });
  expect(nginxFormat('$status $host')).toBe(null);
});

test('a hostile line of a megabyte takes no hostile time', () => {
  const record = emptyRecord();
  for (const filler of ['[', '"', '\\"', '" ', '[17/May/2015:', ' ', '{', '\0', '- ']) {
    const line = filler.repeat(Math.ceil(1e6 / filler.length));
    const started = performance.now();
    lineParser(detect([line.slice(0, 1000)]))(line, record);
    lineParser(detect([line.slice(0, 1000)]))(
      `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET ${line}`,
      record,
    );
    expect(performance.now() - started).toBeLessThan(4000);
  }
});
