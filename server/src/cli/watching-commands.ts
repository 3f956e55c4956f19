// The commands that look at a running server and leave it as it is.
import { type Command, Option } from 'commander';
import { dataFolderOption, parseWhole } from './command-options.ts';
import type { runDoctor } from './commands/doctor.ts';
import type { runTrace } from './commands/trace.ts';
import type { runWatch } from './commands/watch.ts';
import type { WithoutContext } from './context.ts';
import type { Definition } from './server-commands.ts';

export interface WatchingActions {
  watch: WithoutContext<typeof runWatch>;
  trace: WithoutContext<typeof runTrace>;
  doctor: WithoutContext<typeof runDoctor>;
}

export function defineWatchingCommands(
  program: Command,
  { actions, onExit }: Definition<WatchingActions>,
): void {
  program
    .command('watch')
    .description(
      'tell everything that happens, a line for each event, until Ctrl-C; waits for a server that is started again',
    )
    .option('--since <number>', 'first the events after this one; 0 for all that are remembered', parseWhole)
    .option(
      '--request <request>',
      'only this one, from its beginning: short name (r7), id, auth_req_id or "latest"',
    )
    .addOption(
      new Option(
        '--until <end>',
        'leave when a request was decided, or its token was fetched; the exit code says how it ended',
      ).choices(['decided', 'redeemed']),
    )
    .addOption(dataFolderOption())
    .addOption(
      new Option('--format <format>', 'how to write the events; ndjson is one JSON object a line')
        .choices(['text', 'ndjson'])
        .default('text'),
    )
    .action(async (flags) => onExit(await actions.watch(flags)));

  program
    .command('trace')
    .description(
      'write the story so far to stdout, without secrets: for the artifacts of a CI job, or to be opened in the sequence view',
    )
    .option(
      '--request <request>',
      'only this one: short name (r7), id, auth_req_id or "latest" (default: everything; a drawing is of the newest)',
    )
    .addOption(
      new Option(
        '--format <format>',
        'json is an assent-trace file, mermaid and svg are drawings of one request, html replays it without a server',
      )
        .choices(['json', 'mermaid', 'svg', 'html'])
        .default('json'),
    )
    .addOption(dataFolderOption())
    .action(async (flags) => onExit(await actions.trace(flags)));

  program
    .command('doctor')
    .description(
      'look for what keeps an agent from the server: is it ready, trusted, found under its issuer, as usual; of each thing what was found, what was expected, what to type',
    )
    .option(
      '--wait [seconds]',
      'wait until the server is ready, 30 seconds unless said, and judge that alone: for compose files and CI',
      parseWhole,
    )
    .option(
      '--issuer <url>',
      'what the agent takes for the issuer (default: that of AUTH0_DOMAIN, if it is set)',
    )
    .addOption(dataFolderOption())
    .addOption(
      new Option('--format <format>', 'how to write the result on stdout; json has every setting')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (flags) => onExit(await actions.doctor(flags)));
}
