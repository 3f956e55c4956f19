// `assent rules`: how people answer while nobody decides; shown, added, forgotten.
import type { RuleView } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import { alignColumns } from '../columns.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Format, type Paint, showText } from '../output.ts';
import { findPerson } from '../person.ts';
import { type RuleFlags, ruleFromFlags } from '../rule-from-flags.ts';
import { findRunningServer } from '../running-server.ts';

export interface RulesFlags {
  dataFolder?: string;
  format: Format;
}

const EXAMPLE = 'rules add --approve --up-to "50 EUR"';

export async function runRules(flags: RulesFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal, commandName } = context;
  const { control, health } = await findRunningServer(context, flags);
  const rules = await control.rules.list();
  if (flags.format !== 'text') tellRules(rules, flags.format, context);
  else if (rules.length === 0) {
    terminal.note(`  No rules: somebody answers every request.  Make one:  ${commandName} ${EXAMPLE}`);
  } else {
    terminal.data(formatRules(rules, terminal.paintData));
    if (rules.some(({ probability }) => probability !== undefined)) {
      terminal.note(`  Drawn from the seed ${showText(health.rules.seed)}`);
    }
  }
  return EXIT.fine;
}

export async function runRuleAdd(flags: RulesFlags & RuleFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal, commandName } = context;
  // What was typed is judged before anybody is asked.
  ruleFromFlags(flags, undefined);
  const { control, transport } = await findRunningServer(context, flags);
  const person = flags.user === undefined ? undefined : await findPerson(transport, flags.user);
  const rule = await control.rules.add(ruleFromFlags(flags, person?.user_id));
  if (flags.format !== 'text') terminal.data(JSON.stringify(rule));
  else {
    terminal.data(formatRules([rule], terminal.paintData));
    terminal.note(`  For requests from now on.  Forget it:  ${commandName} rules remove ${rule.id}`);
  }
  return EXIT.fine;
}

export async function runRuleRemove(
  id: string,
  flags: RulesFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const { control } = await findRunningServer(context, flags);
  try {
    await control.rules.remove(id);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
    throw new Problem('not_found', error.message, {
      hint: 'See what there is:   assent rules',
      cause: error,
    });
  }
  if (flags.format === 'text') terminal.note(`  Forgotten: ${showText(id)}`);
  else tellRules(await control.rules.list(), flags.format, context);
  return EXIT.fine;
}

export async function runRulesClear(flags: RulesFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { control } = await findRunningServer(context, flags);
  await control.rules.clear();
  if (flags.format === 'text') terminal.note('  No rules any more: somebody answers every request.');
  else tellRules([], flags.format, context);
  return EXIT.fine;
}

function tellRules(rules: readonly RuleView[], format: Format, { terminal }: CommandContext): void {
  if (format === 'json') terminal.data(JSON.stringify(rules));
  else for (const rule of rules) terminal.data(JSON.stringify(rule));
}

/** One line each, in their order. */
function formatRules(rules: readonly RuleView[], paint: Paint): string {
  const rows = rules.map(({ id, says, fired, times }) => {
    const often = fired === 0 ? 'not yet' : `fired ${fired === 1 ? 'once' : `${fired} times`}`;
    const end = times !== undefined && fired >= times ? ', and no more' : '';
    return [['address', id], showText(says), ['quiet', `${often}${end}`]] as const;
  });
  return alignColumns(rows, paint);
}
