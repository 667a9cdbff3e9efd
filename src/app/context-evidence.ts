import type { HttpMachine } from '../features/evidence/http-machine.ts';
import type { FileMachine } from '../features/evidence/machine.ts';

export { followFile } from '../platform/files/follow-file.ts';
export { openRegularFile } from '../platform/files/regular-file.ts';
export { exchange } from '../platform/http/exchange.ts';

/** What this machine offers for gathering evidence. */
export type EvidenceHere = FileMachine & HttpMachine;
