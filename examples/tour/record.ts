import type { Scene } from './stage.ts';

/** The first three commands anybody types, on a test that really fails. */
export const record: Scene = {
  title: 'Record what happens',
  async play(stage, story) {
    stage.say('A ledger for this repository, once, and a task for the work ahead.');
    await stage.proof(['init']);
    await stage.proof([
      'task',
      'start',
      'Fix the login loop',
      ...['--step', 'reproduce it', '--step', 'fix it', '--step', 'see all tests pass'],
    ]);

    stage.say('Now the tests, through proof: same output, same exit code, and a record of both.');
    await stage.proof(['run', '--', 'npm', 'test'], {
      exit: 1,
      shows: ['too many redirects', 'fail 2'],
      first: 24,
      last: 2,
    });
    story.failingRun = await latestCommand(stage);
  },
};

/** The entry that the latest `proof run` became. */
export async function latestCommand(stage: Parameters<Scene['play']>[0]): Promise<string> {
  const { task } = await stage.ask<{ task: { command: { entry: string } } }>(['status']);
  return task.command.entry;
}
