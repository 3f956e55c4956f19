// `assent rules` and its parts: how people answer while nobody decides.
import type { Command } from 'commander';
import { dataFolderOption, formatOption, parseNumber, parsePart, parseWhole } from './command-options.ts';
import type { runRuleAdd, runRuleRemove, runRules, runRulesClear } from './commands/rules.ts';
import type { WithoutContext } from './context.ts';
import type { Definition } from './server-commands.ts';

export interface RuleActions {
  rules: WithoutContext<typeof runRules>;
  ruleAdd: WithoutContext<typeof runRuleAdd>;
  ruleRemove: WithoutContext<typeof runRuleRemove>;
  rulesClear: WithoutContext<typeof runRulesClear>;
}

export function defineRuleCommands(program: Command, { actions, onExit }: Definition<RuleActions>): void {
  const rules = program
    .command('rules')
    .description('rules by which people answer without anybody deciding; alone, it lists them');

  rules
    .command('list', { isDefault: true })
    .description('list the rules, in the order in which they are tried')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.rules(flags)));

  rules
    .command('add')
    .description(
      'add a rule behind the others, for requests that come from now on; all its conditions must hold',
    )
    .option('--approve', 'the person approves')
    .option('--deny', 'the person denies')
    .option('--reason <text>', 'why; only with --deny')
    .option('--expire', 'the request expires before its time')
    .option('--nothing', 'nobody answers, unless somebody does')
    .option('--user <id>', 'asked of this person: auth0|ada, ada or a name')
    .option('--client <id>', 'asked by this client')
    .option('--audience <identifier>', 'for this API')
    .option('--scope <scopes>', 'with all of these scopes, separated by spaces')
    .option('--message <text>', 'with this code; * stands for any text')
    .option('--type <type>', 'with authorization details of this type alone')
    .option('--up-to <amount>', 'for no more than this: 50, or "50 EUR"')
    .option('--at-least <amount>', 'for no less than this')
    .option(
      '--where <condition>',
      'where a value of the details fits: "/to=Grace", "/quantity<=5", "/quantity>=2", "/note" if it is there; may be given again, and the same place with = means one of them',
      (condition: string, before: string[] | undefined) => [...(before ?? []), condition],
    )
    .option('--after-polls <number>', 'answer after that many polls', parseWhole)
    .option('--after-seconds <seconds>', 'answer that long after the request', parseNumber)
    .option('--late', 'answer once the request has expired, which is refused')
    .option('--once', 'for one request alone')
    .option('--times <number>', 'for so many requests', parseWhole)
    .option('--probability <part>', 'for this part of the requests, drawn from the seed: 0.25', parsePart)
    .option('--id <id>', 'what the trace calls it (default: made from the rest)')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.ruleAdd(flags)));

  rules
    .command('remove')
    .description('forget a rule and the answers that it still owes')
    .argument('<id>', 'id of the rule')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (id, flags) => onExit(await actions.ruleRemove(id, flags)));

  rules
    .command('clear')
    .description('forget all rules and the answers that they still owe')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.rulesClear(flags)));
}
