// The commands around a server that runs: what they are called, and what they can be told.
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { BrowserKind } from '../browsers/index.ts';
import { approvalStateSchema, requestsQuerySchema } from '../contract/index.ts';
import { dataFolderOption, formatOption, parseWhole } from './command-options.ts';
import { ENV_FORMATS } from './commands/env.ts';
import { defineFaultCommands } from './fault-commands.ts';
import type { ProgramOptions } from './program.ts';
import { defineRuleCommands } from './rule-commands.ts';
import { defineStepCommands } from './step-commands.ts';
import { defineWatchingCommands } from './watching-commands.ts';

const BROWSERS: readonly BrowserKind[] = ['chromium', 'firefox'];

export function defineOtherCommands(
  program: Command,
  { actions, onExit }: Pick<ProgramOptions, 'actions' | 'onExit'>,
): void {
  program
    .command('ask')
    .description('play the client: send a request, wait for the answer, show the token')
    .argument('<text>', 'what to ask for, such as "Pay 42 EUR to Grace"; also the code that both sides see')
    .option('--user <id>', 'whom to ask: auth0|ada, ada or a name (default: the first person with a device)')
    .option('--client <id>', 'who asks (default: AUTH0_CLIENT_ID of the server)')
    .option('--client-secret <secret>', 'secret of that client')
    .option(
      '--details <json>',
      'authorization details, one object or a list (default: made from the text if it is a payment)',
    )
    .option('--no-details', 'send only the text')
    .option('--audience <identifier>', 'API that the token is for (default: AUTH0_AUDIENCE of the server)')
    .option('--scope <scopes>', 'scopes, separated by spaces', 'openid')
    .option(
      '--expiry <seconds>',
      'how long the request lives; above 300 it goes by e-mail, if the client may use that',
      parseWhole,
    )
    .option('--no-wait', 'print the short name and the auth_req_id, and leave')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (text, flags) => onExit(await actions.ask(text, flags)));

  program
    .command('requests')
    .description('list requests, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(approvalStateSchema.options))
    .option('--limit <number>', 'how many at most, up to 1000', parseLimit, 20)
    .option('--before <request>', 'only those that were opened before this one, such as r21')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.requests(flags)));

  program
    .command('show')
    .description('show everything about one request')
    .argument('<request>', 'short name (r7), id, auth_req_id or "latest"')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (ref, flags) => onExit(await actions.show(ref, flags)));

  program
    .command('approve')
    .description('approve a request for the approver')
    .argument('<request>', 'short name (r7), id, auth_req_id or "latest"')
    .option(
      '--granted, --granted-details <json>',
      'what is granted of the authorization details, as far as their types let it differ from what was asked',
    )
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (ref, flags) => onExit(await actions.decide('approve', ref, flags)));

  program
    .command('deny')
    .description('deny a request for the approver')
    .argument('<request>', 'short name (r7), id, auth_req_id or "latest"')
    .option('--reason <text>', 'why; shown in the trace and to whoever asks the control API')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (ref, flags) => onExit(await actions.decide('deny', ref, flags)));

  defineWatchingCommands(program, { actions, onExit });

  defineRuleCommands(program, { actions, onExit });
  defineFaultCommands(program, { actions, onExit });
  defineStepCommands(program, { actions, onExit });

  program
    .command('browser')
    .description(
      'open a browser that is paired and gets web push without the internet, on a profile of its own',
    )
    .addArgument(new Argument('<browser>', 'which one').choices(BROWSERS))
    .argument('[words...]', 'after --, for the command line of the browser')
    .option(
      '--user <id>',
      'who answers in it: auth0|ada, ada or a name (default: the first person with a device)',
    )
    .option('--path <program>', 'the browser’s program (default: the first one in PATH)')
    .option('--profile <folder>', 'keep the profile there (default: a temporary one)')
    .option('--headless', 'without a window')
    .option('--no-push', 'without web push, as a browser that nobody wired: notified while a page is open')
    .option('--no-page', 'leave the app closed, and pair nobody')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (kind, words, flags) => onExit(await actions.browser(kind, words, flags)));

  program
    .command('device')
    .description('play a phone with a Guardian app: enrol it, show what is asked, answer')
    .option('--user <id>', 'whose: auth0|ada, ada or a name (default: the first person with a device)')
    .addOption(
      new Option('--platform <platform>', 'whose push messages it takes')
        .choices(['ios', 'android'])
        .default('ios'),
    )
    .addOption(
      new Option(
        '--answer <answer>',
        'what to answer; nothing leaves it to another device (default: ask, at a terminal)',
      ).choices(['ask', 'approve', 'deny', 'nothing']),
    )
    .option('--once', 'leave after the first push')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.device(flags)));

  program
    .command('export')
    .description('print the running tenant as a tenant file, without what is so by default')
    .addOption(new Option('--format <format>', 'how to write it').choices(['yaml', 'json']).default('yaml'))
    .option('--output <file>', 'write it there instead, readable by its owner only')
    .option('--no-secrets', 'leave out secrets and passwords; such a file has to be completed')
    .addOption(dataFolderOption())
    .action(async (flags) => onExit(await actions.export(flags)));

  program
    .command('import')
    .description('put a tenant file in place of the running tenant; all of it, or nothing')
    .argument('<file>', 'tenant file, YAML or JSON')
    .option('--merge', 'change only what it says; it may then be a part of a tenant file')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (file, flags) => onExit(await actions.import(file, flags)));

  program
    .command('clock')
    .description('read the time of the tenant, or put it forward; what falls due until then happens')
    .argument('[move]', 'how far, such as +72h or +1d12h30m, or to which instant: 2030-01-01T12:00:00Z')
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (move, flags) => onExit(await actions.clock(move, flags)));

  program
    .command('reset')
    .description(
      'put everything back to how the server started: requests, devices, configuration, clock, faults',
    )
    .addOption(dataFolderOption())
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.reset(flags)));

  program
    .command('certificate')
    .description(
      'make a certificate with which a client proves itself over mutual TLS, and say what its entry needs',
    )
    .argument('<client>', 'name on the certificate, such as the client_id')
    .option('--output <folder>', 'where to write CLIENT.pem and CLIENT-key.pem', '.')
    .addOption(dataFolderOption())
    .addOption(
      new Option('--format <format>', 'how to write the result').choices(['text', 'json']).default('text'),
    )
    .action(async (client, flags) => onExit(await actions.certificate(client, flags)));

  program
    .command('env')
    .description('print the variables an agent needs to use the running server')
    .addOption(new Option('--format <format>', 'how to write them').choices(ENV_FORMATS).default('dotenv'))
    .addOption(dataFolderOption())
    .action(async (flags) => onExit(await actions.env(flags)));
}

function parseLimit(text: string): number {
  const limit = requestsQuerySchema.shape.limit.safeParse(text);
  if (!limit.success) throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
  return limit.data;
}
