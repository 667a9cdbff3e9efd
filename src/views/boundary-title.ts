import type { EntryOf } from '../core/entries/kinds.ts';
import type { Title } from './title.ts';

/** What a task gave up, or where the workspace's policy came from. */
export function boundarySetTitle({ body }: EntryOf<'boundary.set'>): Title {
  const digest = `policy ${body.policy.slice(0, 12)}`;
  if (body.source === 'written') return { title: `proof.yaml written`, result: digest };
  if (body.source === 'found') return { title: `proof.yaml as it was found`, result: digest };
  const { scope = null, network = 'kept' } = body.narrowing ?? {};
  const parts = [
    ...(scope === null ? [] : [`scope ${scope.length === 0 ? 'nothing' : scope.join(', ')}`]),
    ...(network === 'denied' ? ['no network'] : []),
  ];
  return { title: parts.join(' · ') || 'nothing', result: 'narrowed' };
}

/** What the boundary said about what, and why. */
export function boundaryDecisionTitle({ body }: EntryOf<'boundary.decision'>): Title {
  const [first] = body.parts;
  const rule = first?.rule == null ? '' : ` · ${first.rule.text}`;
  // Observed only: then the verdict is what would have been.
  const would =
    body.decision === 'allowed' && body.verdict !== 'allow' ? ` · would ${body.verdict}` : '';
  return {
    title: `${body.action === 'command' ? '' : `${body.action} `}${body.subject ?? 'a very long command'}`,
    result: `${body.decision}${would}${rule}`,
    tone: body.decision === 'denied' || body.decision === 'violated' ? 'bad' : 'quiet',
  };
}
