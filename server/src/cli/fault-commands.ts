// `assent faults` and its parts: what fails on purpose.
import { Argument, type Command } from 'commander';
import { FAULT_KINDS, FAULT_PLACES } from '../contract/index.ts';
import { dataFolderOption, formatOption, parseNumber, parseWhole } from './command-options.ts';
import type { runFaultAdd, runFaultRemove, runFaults, runFaultsClear } from './commands/faults.ts';
import type { WithoutContext } from './context.ts';
import type { Definition } from './server-commands.ts';

export interface FaultActions {
  faults: WithoutContext<typeof runFaults>;
  faultAdd: WithoutContext<typeof runFaultAdd>;
  faultRemove: WithoutContext<typeof runFaultRemove>;
  faultsClear: WithoutContext<typeof runFaultsClear>;
}

export function defineFaultCommands(program: Command, { actions, onExit }: Definition<FaultActions>): void {
  const faults = program.command('faults').description('what fails on purpose; alone, it lists that');

  faults
    .command('list', { isDefault: true })
    .description('list the faults that are active, oldest first')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.faults(flags)));

  faults
    .command('add')
    .description('have something fail from now on, until it is used up, removed or the server is reset')
    .addArgument(new Argument('<what>', 'what happens').choices(FAULT_KINDS))
    .option(
      '--on <place>',
      `what it meets: ${FAULT_PLACES.join(', ')}, or a path such as /authorize (default: token, or where alone it can happen)`,
    )
    .option('--status <number>', 'of an answer: 429, 500, 502, 503, 504; more on push and email', parseWhole)
    .option('--retry-after <seconds>', 'what an answer of 429 or 5xx says', parseWhole)
    .option('--ms <number>', 'of delay and late', parseWhole)
    .option('--when <when>', 'of drop and delay: before or after the request was processed')
    .option('--old <what>', 'of rotate_keys: keep or withdraw the old key')
    .option('--first <who>', 'of race_expiry: decision or expiry')
    .option('--how <how>', 'of break_tls: refuse, expired or untrusted')
    .option('--client <id>', 'only for this client')
    .option('--request <request>', 'only for this request: r7, latest, next')
    .option('--times <number>', 'how often at most (default: until it is removed)', parseWhole)
    .option('--after <number>', 'how many pass before', parseWhole)
    .option('--probability <part>', 'how likely each time: 0.25', parseNumber)
    .option('--seed <text>', 'what --probability draws from (default: the seed of the tenant)')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (what, flags) => onExit(await actions.faultAdd(what, flags)));

  faults
    .command('remove')
    .description('end a fault')
    .argument('<id>', 'id of the fault: f1')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (id, flags) => onExit(await actions.faultRemove(id, flags)));

  faults
    .command('clear')
    .description('end all faults')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.faultsClear(flags)));
}
