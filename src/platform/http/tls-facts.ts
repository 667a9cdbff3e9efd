import type { PeerCertificate, TLSSocket } from 'node:tls';

export interface TlsFacts {
  protocol: string;
  cipher: string;
  /** Whether the certificate holds for this name, now, under a known authority. */
  trusted: boolean;
  why?: string;
  certificate: CertificateFacts | null;
}

export interface CertificateFacts {
  subject: string;
  issuer: string;
  names: string[];
  validFrom: string;
  validTo: string;
  /** SHA-256 over the certificate (DER), hex. */
  sha256: string;
}

/** What was agreed on, and with whom. Everything in a certificate is the other side's word. */
export function tlsFacts(socket: TLSSocket): TlsFacts {
  const problem = socket.authorizationError as unknown as Error | string | undefined;
  const why = socket.authorized ? undefined : inWords(problem);
  const certificate = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher()?.name ?? '',
    trusted: socket.authorized,
    ...(why === undefined ? {} : { why }),
    certificate: Object.keys(certificate).length === 0 ? null : factsOf(certificate),
  };
}

function factsOf(certificate: PeerCertificate): CertificateFacts {
  return {
    subject: distinguished(certificate.subject),
    issuer: distinguished(certificate.issuer),
    names: (certificate.subjectaltname ?? '')
      .split(', ')
      .filter((name) => name !== '')
      .slice(0, MOST_NAMES)
      .map((name) => name.slice(0, MOST_NAME)),
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

function distinguished(name: PeerCertificate['subject'] | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${[value].flat().join('+')}`)
    .join(', ')
    .slice(0, 4 * MOST_NAME);
}

/** A certificate may have thousands of names; an entry may not. */
const MOST_NAMES = 50;
const MOST_NAME = 100;

function inWords(problem: Error | string | undefined): string {
  const code =
    typeof problem === 'string' ? problem : ((problem as NodeJS.ErrnoException)?.code ?? '');
  return WORDS[code] ?? (typeof problem === 'string' ? problem : problem?.message) ?? 'not trusted';
}

const WORDS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority nobody here knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an authority nobody here knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority nobody here knows',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
