/** What a screenshot needs of the machine; `platform/browser` has it. */
export interface BrowserMachine {
  /** @throws ProofError `shot.…` where there is no picture */
  takePicture(request: PictureRequest): Promise<Picture>;
}

export interface PictureRequest {
  url: URL;
  viewport: Size;
  dark: boolean;
  /** All of the page, as far as `tallest` allows, or only what a window shows of it. */
  full: boolean;
  wait: Wait;
  /** For the page to answer and be ready; the picture has some seconds of its own. */
  timeoutMs: number;
  /** Certificates are not checked. */
  insecure: boolean;
  /** Bound of a picture's width and height, in pixels. */
  tallest: number;
  /** Where PATH and PROOF_BROWSER are looked up. */
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted when somebody wants no picture any more. */
  signal: AbortSignal;
  progress(what: string): void;
}

export type Wait =
  | { for: 'load' }
  | { for: 'networkidle' }
  | { for: 'selector'; selector: string }
  | { for: 'time'; millis: number };

export interface Size {
  width: number;
  height: number;
}

export interface Picture {
  png: Uint8Array;
  finalUrl: string;
  status: number | null;
  title: string;
  /** Size of the whole page; null where the browser did not say. */
  page: Size | null;
  cut: boolean;
  reached: boolean;
  loadMicros: number | null;
  /** What stands on the page, and in its fields; null where it did not answer. */
  text: string | null;
  seen: Seen;
  browser: { name: string; version: string; path: string; userAgent: string; sandbox: boolean };
}

/** What the page said and asked for while it was open. */
export interface Seen {
  console: ConsoleLine[];
  /** How many there were of each, kept or not. */
  counts: { errors: number; warnings: number; others: number };
  requests: number;
  failed: FailedRequest[];
  failedCount: number;
  dialogs: { type: string; text: string }[];
  popups: number;
}

export interface ConsoleLine {
  level: 'exception' | 'error' | 'warning' | 'info' | 'log' | 'debug';
  text: string;
  url?: string;
  line?: number;
  atMicros: number;
}

export interface FailedRequest {
  method: string;
  url: string;
  status: number | null;
  why?: string;
  atMicros: number;
}
