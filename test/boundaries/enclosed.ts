/**
 * The smallest program around a sandboxed, recorded run: `enclosed.ts COMMAND…` in a workspace with
 * a ledger. ENCLOSED is JSON `{policy, enforce?}`; the result goes to the file `$ENCLOSED_RESULT`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDED_BYTES } from '../../src/app/config.ts';
import { createContext } from '../../src/app/context.ts';
import { openForAppending } from '../../src/app/context-ledger.ts';
import { exitLike, runHere } from '../../src/app/context-run.ts';
import { workspacePlace } from '../../src/app/context-workspace.ts';

const { ENCLOSED, ENCLOSED_RESULT, ...env } = process.env as Record<string, string>;
const { policy, enforce = true } = JSON.parse(ENCLOSED ?? '');
const context = createContext({ cwd: process.cwd(), env, terminal: {} as never });
const { places } = context;
const result = await runHere(
  places.ledgerDir,
  () => openForAppending(context),
  {
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    env,
    task: null,
    actor: { kind: 'agent', name: 'test', host: 'here', basis: 'asserted' },
    bound: RECORDED_BYTES,
    version: '0.0.0',
  },
  workspacePlace(places, () => {}),
  { places, holding: { policy, file: join(places.root, 'proof.yaml'), enforce }, remark: () => {} },
);
const trouble = result.trouble === null ? null : String(result.trouble);
if (ENCLOSED_RESULT !== undefined)
  writeFileSync(ENCLOSED_RESULT, JSON.stringify({ ...result, ...result.seen.facts, trouble }));
exitLike(result.exit);
