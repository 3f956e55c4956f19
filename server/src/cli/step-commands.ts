// `assent step` and its parts: one arrow after the other.
import { Argument, type Command } from 'commander';
import { STEP_ARROWS } from '../contract/index.ts';
import { dataFolderOption, formatOption, parseWhole } from './command-options.ts';
import type {
  runStepBreak,
  runStepContinue,
  runStepNext,
  runStepOff,
  runStepSlow,
  runSteps,
} from './commands/steps.ts';
import type { WithoutContext } from './context.ts';
import type { Definition } from './server-commands.ts';

export interface StepActions {
  steps: WithoutContext<typeof runSteps>;
  stepBreak: WithoutContext<typeof runStepBreak>;
  stepSlow: WithoutContext<typeof runStepSlow>;
  stepNext: WithoutContext<typeof runStepNext>;
  stepContinue: WithoutContext<typeof runStepContinue>;
  stepOff: WithoutContext<typeof runStepOff>;
}

export function defineStepCommands(program: Command, { actions, onExit }: Definition<StepActions>): void {
  const step = program
    .command('step')
    .description(
      'hold the exchanges of agents and approvers, and let them go one by one; alone, it lists them',
    );

  step
    .command('list', { isDefault: true })
    .description('list break points and what is held, oldest first')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.steps(flags)));

  step
    .command('break')
    .description('hold these arrows from now on, and no others, until each is let go')
    .addArgument(new Argument('<arrows...>', 'where').choices([...STEP_ARROWS, 'all']))
    .option('--outlast', 'also for longer than their callers wait (default: they go on shortly before)')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (arrows, flags) => onExit(await actions.stepBreak(arrows, flags)));

  step
    .command('slow')
    .description('have every arrow wait for a moment; 0 turns that off')
    .argument('<milliseconds>', 'how long, up to 60000', parseWhole)
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (ms, flags) => onExit(await actions.stepSlow(ms, flags)));

  step
    .command('next')
    .description('let one exchange go on, the oldest unless one is named')
    .argument('[hold]', 'id of what is held: h1')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (hold, flags) => onExit(await actions.stepNext(hold, flags)));

  step
    .command('continue')
    .description('let everything go on; break points stay')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.stepContinue(flags)));

  step
    .command('off')
    .description('let everything go on, and hold nothing any more')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.stepOff(flags)));
}
