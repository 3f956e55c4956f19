// The server that a command starts for itself, from its flags: what `start` and `exec` have in common.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { QUICK_ANSWERS, type QuickAnswersInput, type TraceEvent } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { openAssent, type RunningAssent } from '../running-assent.ts';
import type { ConfigFile } from '../tenant/config-file.ts';
import type { CommandContext } from './context.ts';

export interface ServerFlags {
  port: number;
  host: string;
  issuer?: string;
  data?: string;
  store?: string;
  http?: boolean;
  seed?: string;
  mtlsPort?: number;
  controlTokenFile?: string;
  quickAnswers?: boolean;
  interval?: number;
  heldPoll?: number;
}

export interface ServerFiles {
  /** Absolute. */
  dataFolder: string;
  /** The tenant file; undefined runs the bank. */
  config: ConfigFile | undefined;
  onEvent?: (event: TraceEvent) => void;
}

/** Resolves once a client's first request has succeeded over the socket. */
export async function startOwnServer(
  flags: ServerFlags,
  { dataFolder, config, onEvent }: ServerFiles,
  { folder, env }: CommandContext,
): Promise<RunningAssent> {
  const assent = await openAssent({
    port: flags.port,
    host: flags.host,
    tls: flags.http !== true,
    dataFolder,
    ...(flags.mtlsPort === undefined ? {} : { mtlsPort: flags.mtlsPort }),
    ...(flags.data === undefined ? {} : { dataFile: resolve(folder, flags.data) }),
    ...(flags.store === undefined ? {} : { store: flags.store }),
    ...(config === undefined ? {} : { config: config.config }),
    ...(flags.issuer === undefined ? {} : { issuer: flags.issuer }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(await readControlToken(flags, { folder, env })),
    quickAnswers: readPace(flags),
  });
  try {
    const { requireDiscovery } = await import('./own-discovery.ts');
    await requireDiscovery(assent);
    return assent;
  } catch (error) {
    await assent.close();
    throw error;
  }
}

/** By the option, or by the variable from which the other commands take it. */
async function readControlToken(
  { controlTokenFile }: ServerFlags,
  { folder, env }: Pick<CommandContext, 'folder' | 'env'>,
): Promise<{ controlToken?: string }> {
  if (controlTokenFile === undefined) {
    const given = env['ASSENT_CONTROL_TOKEN'];
    return given ? { controlToken: given } : {};
  }
  try {
    return { controlToken: (await readFile(resolve(folder, controlTokenFile), 'utf8')).trim() };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('usage', `The control token cannot be read: ${reason}`, {
      hint: `Make one:   openssl rand -hex 32 > ${controlTokenFile}`,
      cause,
    });
  }
}

/** Single numbers change what `--quick-answers` sets. */
function readPace({ quickAnswers, interval, heldPoll }: ServerFlags): QuickAnswersInput {
  return {
    ...(quickAnswers && QUICK_ANSWERS),
    ...(interval === undefined ? {} : { interval }),
    ...(heldPoll === undefined ? {} : { held_poll: heldPoll }),
  };
}
