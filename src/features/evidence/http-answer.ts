import type { Body } from '../../core/entries/kinds.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { transcoded } from './attach.ts';
import { contentDecoding } from './content-decoding.ts';
import { ContentsKeeper } from './contents-keeper.ts';
import { storedHeaders } from './headers.ts';
import type { Answer, Failure } from './http-machine.ts';
import { mediaType } from './media-type.ts';

export interface KeptAnswer {
  answer: NonNullable<Body<'http'>['answer']>;
  blob: StoredBlob | null;
  /** Why the body is not whole; null if it is. */
  failure: Failure | null;
}

/** Reads an answer's body to its end, undoes its encodings, and keeps it. */
export async function keepAnswer(
  ledger: Ledger,
  answer: Answer,
  bound: number,
): Promise<KeptAnswer> {
  const header = (wanted: string) =>
    answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const { encodings, unknown, decode } = contentDecoding(header('content-encoding'));
  let wireBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of answer.body) {
      wireBytes += piece.length;
      yield piece;
    }
  }
  const given = header('content-type')?.slice(0, MOST_TYPE).toWellFormed();
  let keeper: ContentsKeeper | null = null;
  let type = given ?? 'application/octet-stream';
  const begin = async (head: Uint8Array) => {
    const found = await mediaType(head.subarray(0, HEAD), '', false);
    type = given ?? found.type;
    const encoding = transcoded(found);
    return new ContentsKeeper(ledger, { name: 'body', type, bound, encoding });
  };
  let failure: Failure | null = null;
  try {
    for await (const piece of decode(counted())) {
      keeper ??= await begin(piece);
      await keeper.write(piece);
    }
  } catch (error) {
    // The disk's own troubles are not the answer's.
    if ((error as { name?: string }).name === 'ProofError') {
      keeper?.abort();
      throw error;
    }
    failure = {
      what: 'protocol',
      why: `its encoding (${encodings.join(', ')}) is damaged: ${(error as Error).message}`,
    };
  }
  // A body that broke off looks damaged as well; the first is the reason for the second.
  failure = answer.brokenOff() ?? failure;
  keeper ??= new ContentsKeeper(ledger, { name: 'body', type, bound });
  if (failure !== null) keeper.gap(failure.why);
  const { content, blob } = await keeper.finish();
  return {
    answer: {
      status: answer.status,
      reason: answer.reason.slice(0, MOST_TYPE).toWellFormed(),
      httpVersion: answer.httpVersion,
      headers: storedHeaders(ledger.rules, answer.headers),
      type,
      encodings,
      ...(unknown === null ? {} : { encodedStill: unknown.slice(0, MOST_TYPE) }),
      wireBytes,
      content,
    },
    blob,
    failure,
  };
}

const HEAD = 64 * 1024;
const MOST_TYPE = 200;
