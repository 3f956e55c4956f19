// `assent` and `assent start`: runs the server until somebody stops it, and tells what happens meanwhile.
import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { relative, resolve } from 'node:path';
import type { RunFile, TraceEvent } from '../../contract/index.ts';
import { networkAddresses } from '../../network-addresses.ts';
import { readOwnVersion } from '../../own-package.ts';
import { Problem } from '../../problem.ts';
import type { RunningAssent } from '../../running-assent.ts';
import { maskAddress } from '../../store-address.ts';
import { type ConfigFile, loadConfigFile } from '../../tenant/config-file.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Format } from '../output.ts';
import { type ServerFlags, startOwnServer } from '../own-server.ts';
import { tellOwnWarnings } from '../own-warnings.ts';
import { settleProcess } from '../ready-process.ts';
import { claimRunFile, prepareDataFolder, removeRunFile, requireOwnFolder } from '../run-file.ts';
import { watchSignals } from '../signals.ts';
import { listStartSettings, type OptionOrigin } from '../start-settings.ts';

export interface StartFlags extends ServerFlags {
  config?: string;
  dataFolder: string;
  watch?: boolean;
  format: Format;
}

/** @param origins who decided each option */
export async function runStart(
  flags: StartFlags,
  origins: ReadonlyMap<string, OptionOrigin>,
  context: CommandContext,
): Promise<ExitCode> {
  const stopping = watchSignals(context.env);
  const warnings = tellOwnWarnings(flags.format, context);
  const file = await loadConfigFile(context.folder, flags.config);
  if (flags.watch && !file) {
    throw new Problem('usage', 'There is no tenant file here that could be watched.', {
      hint: 'Name one:   assent start --watch --config FILE\nOr begin with the bank: assent export --output assent.yaml',
    });
  }
  const dataFolder = resolve(context.folder, flags.dataFolder);
  await prepareDataFolder(dataFolder);
  await requireOwnFolder(dataFolder);
  const events = new EarlyEvents();
  const dataFile = flags.data === undefined ? undefined : resolve(context.folder, flags.data);
  const isDataFileNew = dataFile !== undefined && !existsSync(dataFile);
  const files = { dataFolder, config: file, onEvent: (event: TraceEvent) => events.tell(event) };
  await using assent = await warnings.whileStarting(() => startOwnServer(flags, files, context));
  await claimRunFile(dataFolder, {
    ...describeRun(assent),
    ...(assent.controlToken === undefined ? {} : { control_token: assent.controlToken }),
    settings: listStartSettings(origins, flags, {
      port: Number(new URL(assent.url).port),
      ...(assent.mtlsUrl === undefined ? {} : { 'mtls-port': Number(new URL(assent.mtlsUrl).port) }),
      issuer: assent.issuer,
      'data-folder': dataFolder,
      config: file?.path ?? 'the bank',
      data: dataFile ?? 'memory',
      ...(flags.store === undefined ? {} : { data: 'in the store', store: maskAddress(flags.store) }),
      http: flags.http === true,
    }),
  });
  // What comes after a start is loaded after it.
  const { follow, watchFile } = await import('../after-start.ts');
  const stopWatching = flags.watch && file ? watchFile(assent, file.path, flags, context) : undefined;
  try {
    await announce(assent, flags, context, {
      dataFolder,
      dataFile,
      isDataFileNew,
      configFile: file?.path,
      wish: wishFor(assent, file),
    });
    settleProcess();
    await follow(assent, events, flags, context, stopping);
  } finally {
    stopWatching?.();
    await removeRunFile(dataFolder, process.pid);
  }
  return EXIT.fine;
}

/** A banner is no inventory. */
const MOST_COUNTED = 1_000;

/** Without the control token, which is for the file alone: what is printed may end in a log. */
function describeRun({ issuer, url, mtlsUrl, caFile, tenant, env }: RunningAssent): RunFile {
  return {
    version: readOwnVersion(),
    pid: process.pid,
    issuer,
    url,
    ...(mtlsUrl === undefined ? {} : { mtls_url: mtlsUrl }),
    ...(caFile === undefined ? {} : { ca_file: caFile }),
    tenant: tenant.name,
    env: { ...env },
  };
}

/** What is printed may end in a log; `assent env` and the file have all of it. */
function withoutSecrets(env: RunFile['env']): RunFile['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.endsWith('_SECRET')));
}

interface FilesOfStart {
  dataFolder: string;
  dataFile: string | undefined;
  isDataFileNew: boolean;
  configFile: string | undefined;
  wish: string | undefined;
}

async function announce(
  assent: RunningAssent,
  flags: StartFlags,
  { terminal, folder, commandName }: CommandContext,
  files: FilesOfStart,
): Promise<void> {
  if (flags.format !== 'text') {
    const { env, ...run } = describeRun(assent);
    terminal.data(JSON.stringify({ type: 'ready', ...run, env: withoutSecrets(env) }));
    return;
  }
  const { hostname } = new URL(assent.issuer);
  const issuerResolves = await lookup(hostname).then(
    () => true,
    () => false,
  );
  const { quick_answers: quickAnswers, rules, faults, clock, instances } = await assent.control.health();
  const isKept = flags.data !== undefined || flags.store !== undefined;
  const waiting = isKept ? await assent.control.requests({ state: 'pending', limit: MOST_COUNTED }) : [];
  // What it draws with is of no use before.
  const { formatBanner } = await import('../banner.ts');
  const banner = formatBanner(
    {
      version: readOwnVersion(),
      assent,
      phone: {
        host: flags.host,
        networkUrls: assent.networkUrls,
        networkAddresses: networkAddresses(networkInterfaces()),
        fingerprint: assent.ca === undefined ? undefined : new X509Certificate(assent.ca).fingerprint256,
        columns: terminal.isInteractive ? terminal.columns : undefined,
      },
      issuerResolves,
      dataFolder: showPath(folder, files.dataFolder),
      wish: files.wish,
      hasControlToken: assent.controlToken !== undefined,
      store: flags.store && maskAddress(flags.store),
      instances,
      waiting: { count: waiting.length, isAll: waiting.length < MOST_COUNTED },
      dataFile: files.dataFile && showPath(folder, files.dataFile),
      isDataFileNew: files.isDataFileNew,
      configFile: files.configFile && showPath(folder, files.configFile),
      quickAnswers,
      rules,
      faults,
      clock,
      commandName,
      isInteractive: terminal.isInteractive,
    },
    terminal.paintNote,
  );
  terminal.note(banner);
}

function showPath(folder: string, path: string): string {
  const short = relative(folder, path);
  return short.startsWith('..') ? path : short;
}

/** Told by the server itself, not over a connection to it: whatever is printed must not slow down what it is about. */
class EarlyEvents {
  /** What happened before anybody listened. */
  #untold: TraceEvent[] = [];
  #listener: ((event: TraceEvent) => void) | undefined;

  tell(event: TraceEvent): void {
    if (this.#listener) this.#listener(event);
    else this.#untold.push(event);
  }

  listen(listener: (event: TraceEvent) => void): void {
    this.#listener = listener;
    for (const event of this.#untold.splice(0)) listener(event);
  }
}

/** What to ask first: what the banner names by itself, unless the API of this agent takes no transfer. */
function wishFor({ env }: RunningAssent, file: ConfigFile | undefined): string | undefined {
  if (!file) return undefined;
  const api = file.config.resource_servers.find(({ identifier }) => identifier === env['AUTH0_AUDIENCE']);
  return api?.authorization_details?.some(({ type }) => type === 'transfer_funds') ? undefined : 'TRY-1';
}
