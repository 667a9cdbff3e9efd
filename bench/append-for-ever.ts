/** Appends to the ledger in a directory until it is killed; says when the first entry is on disk. */
import { noteDraft, reopenLedger } from './ledger-of.ts';

const ledger = await reopenLedger(process.argv[2] as string);
for (let i = 0; ; i++) {
  await ledger.append(() => [noteDraft(i, null)]);
  if (i === 0) process.stdout.write('appending\n');
}
