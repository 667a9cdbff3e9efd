import type { Scene } from './stage.ts';

/** The record is signed here; what makes it hard to rewrite lies somewhere else. */
export const check: Scene = {
  title: 'Make it checkable',
  async play(stage) {
    stage.say(
      'The signed root of the ledger goes where this machine cannot quietly change it: to a branch of its own on your git host. (Here a bare repository stands in for the host.)',
    );
    await stage.proof(['anchor'], { shows: ['pushed to origin'] });
    stage.say('Every hash is computed again, every root compared.');
    await stage.proof(['verify'], { shows: ['verified'] });
  },
};
