import type { Scene } from './stage.ts';

/** What somebody sees who takes over here. */
export const look: Scene = {
  title: 'Look at the record',
  async play(stage, { failingRun, passingRun }) {
    stage.say('The timeline: the failing run with the note on it, the fix, the passing run.');
    await stage.proof(['log'], { shows: [failingRun, passingRun, 'Path=/'] });
    stage.say('Where the task stands. Bare `proof` says the same.');
    await stage.proof(['status'], { shows: ['see all tests pass'] });
    stage.say('One entry in full. --json has all of it, --output the recorded bytes.');
    await stage.proof(['show', failingRun], { shows: ['exit 1', 'npm test'], first: 18 });
  },
};
