// The program: the commands that start a server, and around them those of `other-commands`. `--help` and the reference page are made
// from it.
import { Command } from 'commander';
import type { runAsk } from './commands/ask.ts';
import type { runBrowser } from './commands/browser.ts';
import type { runCertificate } from './commands/certificate.ts';
import type { runClock } from './commands/clock.ts';
import type { runDecide } from './commands/decide.ts';
import type { runDevice } from './commands/device.ts';
import type { runEnv } from './commands/env.ts';
import type { runRequests, runShow } from './commands/requests.ts';
import type { runReset } from './commands/reset.ts';
import type { runExport, runImport } from './commands/tenant-file.ts';
import type { WithoutContext } from './context.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';
import type { FaultActions } from './fault-commands.ts';
import type { RuleActions } from './rule-commands.ts';
import { defineServerCommands, type ServerActions } from './server-commands.ts';
import type { StepActions } from './step-commands.ts';
import type { WatchingActions } from './watching-commands.ts';

/** What the commands do. Loaded by whoever runs them, so that describing them costs nothing. */
interface CommandActions extends ServerActions, WatchingActions, RuleActions, FaultActions, StepActions {
  ask: WithoutContext<typeof runAsk>;
  requests: WithoutContext<typeof runRequests>;
  show: WithoutContext<typeof runShow>;
  decide: WithoutContext<typeof runDecide>;
  browser: WithoutContext<typeof runBrowser>;
  device: WithoutContext<typeof runDevice>;
  export: WithoutContext<typeof runExport>;
  import: WithoutContext<typeof runImport>;
  env: WithoutContext<typeof runEnv>;
  certificate: WithoutContext<typeof runCertificate>;
  clock: WithoutContext<typeof runClock>;
  reset: WithoutContext<typeof runReset>;
}

export interface ProgramOptions {
  version: string;
  actions: CommandActions;
  /** Has the commands around a server defined (`other-commands`). Left out where one is started: it need not load what they know. */
  defineOthers?: ((program: Command, parts: Pick<ProgramOptions, 'actions' | 'onExit'>) => void) | undefined;
  /** Told what the command ended with. */
  onExit(code: number): void;
}

export function createProgram({ version, actions, defineOthers, onExit }: ProgramOptions): Command {
  const program = new Command('assent')
    .description('Stand-in for Auth0 asynchronous authorization (CIBA and RAR), for tests and teaching.')
    .version(version)
    .helpCommand('help [command]', 'the same as --help')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help says what there is)')
    .addHelpText('after', describeSurroundings());

  defineServerCommands(program, { actions, onExit });
  defineOthers?.(program, { actions, onExit });
  return program;
}

/** What `--help` says after the commands. */
export const ENVIRONMENT: ReadonlyArray<readonly [string, string]> = [
  ['ASSENT_URL', 'where the server runs, instead of the file it leaves in its data folder'],
  ['ASSENT_CA', 'its certificate authority, as a PEM file'],
  ['ASSENT_CONTROL_TOKEN', 'token of its control API: start and exec ask for it, the others send it'],
  ['NO_COLOR', 'no colours'],
];

function describeSurroundings(): string {
  const table = (rows: ReadonlyArray<readonly [string | number, string]>): string => {
    const width = Math.max(12, ...rows.map(([name]) => String(name).length + 2));
    return rows.map(([name, meaning]) => `  ${String(name).padEnd(width)}${meaning}`).join('\n');
  };
  return `\nEnvironment:\n${table(ENVIRONMENT)}\n\nExit codes:\n${table(EXIT_MEANINGS)}\n`;
}
