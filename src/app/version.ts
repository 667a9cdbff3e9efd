declare const __PROOF_VERSION__: string | undefined;
declare const __PROOF_COMMIT__: string | undefined;

/** Written in by the build; in a checkout that runs from source there is none. */
export const VERSION: string =
  typeof __PROOF_VERSION__ === 'string' ? __PROOF_VERSION__ : '0.0.0-source';
export const COMMIT: string | null =
  typeof __PROOF_COMMIT__ === 'string' && __PROOF_COMMIT__ !== '' ? __PROOF_COMMIT__ : null;
