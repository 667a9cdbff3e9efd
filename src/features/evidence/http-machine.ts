/** What an HTTP request needs of the machine; `platform/http` has it. */
export interface HttpMachine {
  /** Sends one request and resolves with the answer's head; never rejects for what the other side does. */
  exchange(request: HopRequest): Promise<Hop>;
}

export interface HopRequest {
  method: string;
  url: URL;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array | null;
  /** Whether a certificate that does not hold is passed over. */
  insecure: boolean;
  /** Ends everything, the body too. */
  signal: AbortSignal;
}

export interface Hop {
  answer: Answer | null;
  failure: Failure | null;
  timing: HopTiming;
  address: { ip: string; port: number } | null;
  tls: TlsFacts | null;
}

export interface Answer {
  status: number;
  reason: string;
  httpVersion: string;
  /** As they came, in order. */
  headers: readonly (readonly [name: string, value: string])[];
  /** The body as it was sent; how it ended is known once it has. */
  body: AsyncIterable<Uint8Array>;
  /** Why the body broke off; null if it came whole. To be asked after the last piece. */
  brokenOff(): Failure | null;
  /** Leaves the rest of the body alone. */
  discard(): void;
}

export interface Failure {
  what:
    | 'name'
    | 'connection'
    | 'timeout'
    | 'tls'
    | 'certificate'
    | 'empty'
    | 'protocol'
    | 'broken-off'
    | 'redirects';
  why: string;
}

/** Microseconds each part took; null where there was none. */
export interface HopTiming {
  dnsMicros: number | null;
  connectMicros: number | null;
  tlsMicros: number | null;
  firstByteMicros: number | null;
}

export interface TlsFacts {
  protocol: string;
  cipher: string;
  trusted: boolean;
  why?: string;
  certificate: {
    subject: string;
    issuer: string;
    names: string[];
    validFrom: string;
    validTo: string;
    sha256: string;
  } | null;
}
