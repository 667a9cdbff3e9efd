import { expect, it } from 'vitest';
import { Forger, saying } from './forger.ts';
import { recordLedger } from './recorded-ledger.ts';
it('x', async () => {
  console.time('rec'); const w = await recordLedger(); console.timeEnd('rec');
  for (const depth of ['bytes','leaves','tiles','noted roots','signature'] as const) {
  const c = w.copy();
  { using f = new Forger(c); f.edit(depth, 300, saying('nothing')); }
  for (const kept of ['nothing','last signed','a file','the remote'] as const) console.log(depth, kept, c.verify(kept));
  c.dispose();
  }
  w.dispose();
  expect(1).toBe(1);
});
