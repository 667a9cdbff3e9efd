/**
 * `npm start`: the tour. A small real project with a really failing test is fixed in a scratch
 * directory, every step recorded by the built command, and then somebody tries to lie about it.
 *
 * Any surprise ends it with exit code 1. Without a terminal it never waits. Later features add
 * scenes: one file each in tour/, listed below in the order of the story.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { besides } from './tour/besides.ts';
import { check } from './tour/check.ts';
import { fix } from './tour/fix.ts';
import { lie } from './tour/lie.ts';
import { look } from './tour/look.ts';
import { record } from './tour/record.ts';
import { makeScratch, type Scratch } from './tour/scratch.ts';
import { type Scene, Stage, type Story } from './tour/stage.ts';

const SCENES: readonly Scene[] = [record, fix, besides, look, check, lie];

const repository = join(import.meta.dirname, '..');
const people = process.stdout.isTTY === true && process.stdin.isTTY === true;
const waits = people && !process.env.CI && !process.argv.includes('--no-pause');
const colour =
  process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

let scratch: Scratch | null = null;
try {
  if (!existsSync(join(repository, 'dist', 'proof.js'))) {
    execFileSync(process.execPath, [join(repository, 'scripts', 'build.ts')], { stdio: 'inherit' });
  }
  scratch = makeScratch();
  await play(scratch);
} catch (error) {
  console.error(`tour: ${(error as Error).message}`);
  if (scratch !== null) console.error(`  what it did until then is kept in ${scratch.root}`);
  process.exitCode = 1;
}

async function play(scratch: Scratch): Promise<void> {
  const stage = new Stage(scratch, { colour });
  stage.say(`A tour of Prooflayer: a real bug, a real fix, and a lie that does not hold.

It happens in a scratch copy of examples/login-loop, with a home directory of its own, so your files and your configuration stay as they are: ${scratch.root}
\`proof\` stands for ./proof of this clone.`);
  console.log();
  const story: Story = { failingRun: '', passingRun: '' };
  for (const scene of SCENES) {
    if (waits && scene !== SCENES[0]) await enter();
    stage.title(scene.title);
    await scene.play(stage, story);
  }
  console.log(whatNext(scratch));
}

/** Waits for Enter, then takes the prompt off the screen again. */
async function enter(): Promise<void> {
  process.stdout.write('  Enter goes on, Ctrl-C ends the tour ');
  process.stdin.resume();
  await Promise.race([once(process.stdin, 'data'), once(process.stdin, 'end')]);
  process.stdin.pause();
  process.stdout.write('\u001b[1A\u001b[2K');
}

function whatNext({ project, root }: Scratch): string {
  const proof = join(repository, 'proof');
  return `That is all. In a repository of your own:

  alias proof="${proof}"
  proof init
  proof task start "what you are about to do"
  proof run -- npm test

All commands:      proof --help
Look around here:  cd ${project} && proof
Throw this away:   rm -rf ${root}`;
}
