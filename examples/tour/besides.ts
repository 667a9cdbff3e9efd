import { latestCommand } from './record.ts';
import type { Scene } from './stage.ts';

/** A command that does more than it says, what it did besides, and everything back as it was. */
export const besides: Scene = {
  title: 'What else changed?',
  async play(stage) {
    stage.say('A harmless clean-up, by its name and by what it prints.');
    await stage.proof(['run', '--', 'npm', 'run', 'tidy'], { shows: ['tidy: done'] });
    const tidy = await latestCommand(stage);
    stage.say('What it did besides: a hook for git, and the tests are gone.');
    await stage.proof(['diff', tidy, '--stat'], {
      shows: ['.git/hooks/pre-commit', 'deleted', 'session.test.js'],
    });
    stage.say('Back to what it was, exactly. The undo is an entry too, and could be undone.');
    await stage.proof(['undo', tidy], { shows: ['put back 2 paths'] });
    await stage.proof(['diff', '--stat'], { shows: ['session.js'] });
  },
};
