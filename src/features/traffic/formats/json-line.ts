import { isCaddy, readCaddy } from './caddy.ts';
import { isCloudflare, readCloudflare } from './cloudflare.ts';
import { isGoogleCloud, readGoogleCloud } from './gcp.ts';
import { type Json, jsonObject } from './json-fields.ts';
import { isNamed, readNamed } from './named-json.ts';
import type { Format, LogRecord, Parse, Refusal } from './record.ts';
import { isTraefik, readTraefik } from './traefik-json.ts';
import { isVercel, readVercel } from './vercel.ts';

interface JsonShape {
  name: string;
  is(object: Json): boolean;
  read(object: Json, record: LogRecord): Refusal | null;
}

/** From the most telling to the most general: what a shape is, its fields say. */
const SHAPES: readonly JsonShape[] = [
  { name: 'Caddy', is: isCaddy, read: readCaddy },
  { name: 'Traefik JSON', is: isTraefik, read: readTraefik },
  { name: 'Cloudflare Logpush', is: isCloudflare, read: readCloudflare },
  { name: 'Google Cloud', is: isGoogleCloud, read: readGoogleCloud },
  { name: 'Vercel', is: isVercel, read: readVercel },
  { name: 'JSON', is: isNamed, read: readNamed },
];

/** One format a shape: the name is what `analyze` says it read. */
export const JSON_FORMATS: readonly Format[] = SHAPES.map((shape) => ({
  name: shape.name,
  stateless: true,
  parser: (): Parse => (line, record) => {
    if (line.charCodeAt(0) !== 123) return 'not-json';
    const object = jsonObject(line);
    if (object === null) return line.endsWith('}') ? 'not-json' : 'truncated';
    return shape.is(object) ? shape.read(object, record) : 'other-json';
  },
}));
