import type { BrowserMachine } from '../features/evidence/browser-machine.ts';
import type { FileMachine } from '../features/evidence/file-machine.ts';
import type { HttpMachine } from '../features/evidence/http-machine.ts';

export { takePicture } from '../platform/browser/take-picture.ts';
export { followFile } from '../platform/files/follow-file.ts';
export { openRegularFile } from '../platform/files/regular-file.ts';
export { exchange } from '../platform/http/exchange.ts';

/** What this machine offers for gathering evidence. */
export type EvidenceHere = FileMachine & HttpMachine & BrowserMachine;
