import { plural } from '../core/human-units.ts';
import { cut, visible, visibleLine } from '../core/visible-text.ts';
import type { Paint } from './paint.ts';
import type { TaskJson } from './task-json.ts';

/** A task in one line of a list. */
export function taskLine(task: TaskJson, paint: Paint): string {
  const mark = task.chosen ? paint.bold('*') : ' ';
  const state = task.state === 'open' ? '' : ` ${task.state}`;
  const failed = task.failed > 0 ? `, ${paint.bad(`${task.failed} failed`)}` : '';
  const goal = cut(visibleLine(task.goal), paint.columns === null ? null : paint.columns - 40);
  return `${mark} ${task.name.padEnd(4)} ${goal}  ${paint.dim(`${plural(task.commands, 'command')}${state}`)}${failed}`;
}

/** A task in full: goal, who, plan, counts, the latest command. */
export function taskBlock(task: TaskJson, paint: Paint): string {
  const counts = [
    plural(task.commands, 'command'),
    ...(task.failed > 0 ? [paint.bad(`${task.failed} failed`)] : []),
    ...(task.notes > 0 ? [plural(task.notes, 'note')] : []),
    ...(task.decisions > 0 ? [plural(task.decisions, 'decision')] : []),
    ...(task.gaps > 0 ? [paint.bad(plural(task.gaps, 'gap'))] : []),
  ];
  const lines = [
    `${paint.bold(task.name)}  ${paint.bold(visibleLine(task.goal))}  ${paint.dim(task.state)}`,
    `  by       ${task.actors.map(visibleLine).join(', ')}`,
    `  recorded ${counts.join(', ')}`,
    ...(task.command === null ? [] : [`  latest   ${latest(task.command, paint)}`]),
    ...task.steps.map(
      ({ step, text }, i) => `  ${i === 0 ? 'plan    ' : '        '} ${step}. ${visible(text)}`,
    ),
  ];
  return lines.join('\n');
}

function latest(command: NonNullable<TaskJson['command']>, paint: Paint): string {
  const text = cut(
    visibleLine(command.text ?? 'a very long command'),
    paint.columns === null ? null : paint.columns - 36,
  );
  const ended = command.signal === null ? `exit ${command.code}` : `killed by ${command.signal}`;
  const result = command.code === 0 ? paint.good(`✓ ${ended}`) : paint.bad(`✗ ${ended}`);
  return `${command.entry} ${text}  ${result}`;
}
