// The commands that start a server, and the one that writes what it starts with.
import { type Command, Option } from 'commander';
import {
  formatOption,
  paceOptions,
  parsePort,
  parseWhole,
  seedOption,
  VARIABLES,
} from './command-options.ts';
import type { runClass } from './commands/class.ts';
import type { runExec } from './commands/exec.ts';
import type { runInit } from './commands/init.ts';
import type { runStart } from './commands/start.ts';
import type { WithoutContext } from './context.ts';
import { DATA_FOLDER } from './run-file.ts';
import { readOrigins } from './start-settings.ts';
import { USUAL_ANSWERS } from './tenant-template.ts';

export interface ServerActions {
  start: WithoutContext<typeof runStart>;
  exec: WithoutContext<typeof runExec>;
  init: WithoutContext<typeof runInit>;
  class: WithoutContext<typeof runClass>;
}

const DEFAULT_PORT = 4443;
const CLASS_PORT = 4500;

const HELP = {
  port: 'port to listen on, 0 for any free one',
  host: 'address to listen on; 0.0.0.0 is every one, for a phone in the same network; any but this computer’s own opens it to whoever reaches it',
  issuer: 'what tokens and discovery name, https://HOST[:PORT]/ (default: where it listens)',
  config: 'tenant file (default: assent.yaml, assent.yml or assent.json in this folder, else the bank)',
  controlToken:
    'file with the token that callers of the control API must send, these commands as well (default: ASSENT_CONTROL_TOKEN; else none on this computer, and a new one in server.json for others)',
  http: 'plain http; most SDKs refuse it',
  mtlsPort:
    'port at which callers are asked for a certificate, 0 for any free one (default: mtls.port of the tenant file, and a free one where a client of it needs a certificate)',
};

export interface Definition<Actions> {
  actions: Actions;
  /** Told what the command ended with. */
  onExit(code: number): void;
}

export function defineServerCommands(program: Command, { actions, onExit }: Definition<ServerActions>): void {
  const start = program
    .command('start')
    .description(
      'run the server until Ctrl-C, also when nobody reads what it writes; what happens without a command',
    )
    .addOption(
      new Option('--port <number>', HELP.port).env(VARIABLES.port).argParser(parsePort).default(DEFAULT_PORT),
    )
    .addOption(new Option('--host <address>', HELP.host).env(VARIABLES.host).default('127.0.0.1'))
    .addOption(new Option('--issuer <url>', HELP.issuer).env(VARIABLES.issuer))
    .addOption(new Option('--config <file>', HELP.config).env(VARIABLES.config))
    .addOption(
      new Option('--data-folder <folder>', 'where certificates, keys and server.json are kept')
        .env(VARIABLES.dataFolder)
        .default(DATA_FOLDER),
    )
    .addOption(
      new Option(
        '--data <file>',
        'SQLite file that keeps everything over a restart: requests, devices, sessions (default: memory)',
      ).env(VARIABLES.data),
    )
    .addOption(
      new Option(
        '--store <url>',
        'Redis or Valkey in place of --data, redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE] or rediss://: servers with the same one are instances of one server',
      ).env(VARIABLES.store),
    )
    .addOption(new Option('--mtls-port <number>', HELP.mtlsPort).env(VARIABLES.mtlsPort).argParser(parsePort))
    .option('--watch', 'load the tenant file again whenever it is saved')
    .option('--http', HELP.http)
    .option('--control-token-file <file>', HELP.controlToken)
    .addOption(formatOption())
    .action(async (flags, command) => onExit(await actions.start(flags, readOrigins(command))));

  const exec = program
    .command('exec')
    .description(
      'start a server of its own, run a command with the variables of an agent, stop the server; ends as the command did',
    )
    .showHelpAfterError('(the command and its own options stand after --: assent exec -- npm test)')
    .argument('<command>', 'what to run, after --: assent exec -- npm test')
    .argument('[words...]', 'its own arguments')
    .option('--port <number>', HELP.port, parsePort, 0)
    .option('--host <address>', HELP.host, '127.0.0.1')
    .option('--issuer <url>', HELP.issuer)
    .option('--config <file>', HELP.config)
    .option('--data-folder <folder>', 'where certificates and keys are kept (default: a temporary one)')
    .option('--data <file>', 'SQLite file that keeps everything until the next time (default: memory)')
    .option(
      '--store <url>',
      'Redis or Valkey in place of --data, redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]',
    )
    .option('--http', HELP.http)
    .option('--mtls-port <number>', HELP.mtlsPort, parsePort)
    .option('--control-token-file <file>', HELP.controlToken)
    .action(async (command, words, flags) => onExit(await actions.exec(command, words, flags)));
  for (const command of [start, exec]) {
    for (const option of paceOptions()) command.addOption(option);
    command.addOption(seedOption());
  }

  program
    .command('init')
    .description(
      'write a tenant file with an agent, an API and people of your own; asks at a terminal for what no option says',
    )
    .option('--client <id>', `client id of the agent (default: ${USUAL_ANSWERS.client})`)
    .option('--audience <identifier>', `API that its token is for (default: ${USUAL_ANSWERS.audience})`)
    .option('--type <type>', `type of authorization details at that API (default: ${USUAL_ANSWERS.type})`)
    .option(
      '--person <name>',
      `who is asked, a name or an e-mail address; may be given again (default: ${USUAL_ANSWERS.people.join(' and ')})`,
      (name: string, before: string[] | undefined) => [...(before ?? []), name],
    )
    .option('--output <file>', 'where to write it', 'assent.yaml')
    .option('--yes', 'ask nothing')
    .option('--force', 'write over a file that is there')
    .addOption(formatOption())
    .action(async (flags) => onExit(await actions.init(flags)));

  program
    .command('class')
    .description('run many tenants side by side, with a page where students join and one for the teacher')
    .argument('<places>', 'how many tenants', parseWhole)
    .addOption(
      new Option(
        '--port <number>',
        'of the join page; the tenants have the ports after it; 0 for any free ones',
      )
        .argParser(parsePort)
        .default(CLASS_PORT),
    )
    .option('--host <address>', 'address to listen on; 0.0.0.0 lets the room in', '127.0.0.1')
    .option(
      '--host-name <name>',
      'name or address under which the room reaches this computer (default: its likeliest address)',
    )
    .option('--config <file>', 'tenant file with which each begins (default: the bank before the lab)')
    .option('--names <file>', 'names that students may pick, one on each line')
    .option('--data <folder>', 'keeps names and tenants over a restart (default: memory)')
    .option('--data-folder <folder>', 'where certificates and keys are kept', DATA_FOLDER)
    .option(
      '--teacher-token-file <file>',
      'file with what the teacher shows (default: nothing on this computer, and a new one in class-server.json for others)',
    )
    .addOption(formatOption())
    .action(async (places, flags) => onExit(await actions.class(places, flags)));
}
