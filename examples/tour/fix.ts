import { latestCommand } from './record.ts';
import type { Scene } from './stage.ts';

/** The thinking is kept beside the evidence it rests on, then the fix and the proof that it works. */
export const fix: Scene = {
  title: 'Say why, and fix it',
  async play(stage, story) {
    stage.say('The cookie is set under /auth/ and names no path, so /account never gets it.');
    await stage.proof([
      'note',
      ...['--on', story.failingRun],
      'the cookie has no Path: set at /auth/login, it is not sent to /account',
    ]);
    await stage.proof([
      'decide',
      'give the session cookie Path=/',
      ...['--because', 'pages outside /auth need it'],
      ...['--over', 'move every page under /auth'],
    ]);

    stage.say('The fix is one line. Applying it is a command like any other.');
    await stage.proof(['run', '--', 'git', 'apply', '../login-loop.patch']);
    await stage.proof(['run', '--', 'npm', 'test'], { shows: ['fail 0'] });
    story.passingRun = await latestCommand(stage);
  },
};
