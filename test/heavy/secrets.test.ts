import { afterEach, beforeEach, expect, test } from 'vitest';
import { leaksBelow } from '../faults/secret-scan.ts';
import { plant, recordLog, reportFalseHits } from '../faults/secrets-through-run.ts';
import { verified, type Workspace, workspace } from '../faults/workspace.ts';

const MB = 1024 * 1024;

let at: Workspace;
beforeEach(() => {
  at = workspace();
});
afterEach(() => at.remove());

test.each([512, 4096, 16_384])(
  '295 secrets in 50 MB, %i bytes at a time: none on disk',
  async (chunk) => {
    const planted = plant(at, 50 * MB, 100 + chunk);
    const hits = recordLog(at, planted, chunk);
    expect(await leaksBelow([at.ledgerDir, at.configDir], planted.secrets)).toEqual([]);
    reportFalseHits(`50 MB in pieces of ${chunk}`, hits);
    verified(at);
  },
);
