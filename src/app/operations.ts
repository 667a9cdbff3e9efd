import type { Op } from './define-op.ts';

/**
 * All operations by name, each loaded when it is used: starting `proof note` must not read the
 * code of twenty others. The order is that of the help.
 */
export const OPERATIONS = {
  init: () => import('./ops/init.ts'),
  'task start': () => import('./ops/task-start.ts'),
  'task list': () => import('./ops/task-list.ts'),
  'task show': () => import('./ops/task-show.ts'),
  'task plan': () => import('./ops/task-plan.ts'),
  'task use': () => import('./ops/task-use.ts'),
  'task close': () => import('./ops/task-close.ts'),
  'boundary init': () => import('./ops/boundary-init.ts'),
  'boundary show': () => import('./ops/boundary-show.ts'),
  'boundary explain': () => import('./ops/boundary-explain.ts'),
  'boundary test': () => import('./ops/boundary-test.ts'),
  'boundary check': () => import('./ops/boundary-check.ts'),
  'boundary suggest': () => import('./ops/boundary-suggest.ts'),
  'boundary import': () => import('./ops/boundary-import.ts'),
  run: () => import('./ops/run.ts'),
  shell: () => import('./ops/shell.ts'),
  attach: () => import('./ops/attach.ts'),
  shot: () => import('./ops/shot.ts'),
  http: () => import('./ops/http.ts'),
  note: () => import('./ops/note.ts'),
  decide: () => import('./ops/decide.ts'),
  tests: () => import('./ops/tests.ts'),
  status: () => import('./ops/status.ts'),
  log: () => import('./ops/log.ts'),
  show: () => import('./ops/show.ts'),
  diff: () => import('./ops/diff.ts'),
  undo: () => import('./ops/undo.ts'),
  search: () => import('./ops/search.ts'),
  'traffic analyze': () => import('./ops/traffic-analyze.ts'),
  'traffic respond': () => import('./ops/traffic-respond.ts'),
  'traffic watch': () => import('./ops/traffic-watch.ts'),
  'traffic lines': () => import('./ops/traffic-lines.ts'),
  verify: () => import('./ops/verify.ts'),
  anchor: () => import('./ops/anchor.ts'),
  'ledger key': () => import('./ops/ledger-key.ts'),
  'ledger checkpoint': () => import('./ops/ledger-checkpoint.ts'),
  'ledger proof': () => import('./ops/ledger-proof.ts'),
  'ledger accept': () => import('./ops/ledger-accept.ts'),
  'ledger tiles': () => import('./ops/ledger-tiles.ts'),
  redact: () => import('./ops/redact.ts'),
  prune: () => import('./ops/prune.ts'),
  rebuild: () => import('./ops/rebuild.ts'),
  doctor: () => import('./ops/doctor.ts'),
} as const;

export type OperationName = keyof typeof OPERATIONS;

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

export async function loadOperation(name: OperationName): Promise<Op> {
  const module = await OPERATIONS[name]();
  return module.default as unknown as Op;
}

export async function loadAllOperations(): Promise<Op[]> {
  return Promise.all((Object.keys(OPERATIONS) as OperationName[]).map(loadOperation));
}
