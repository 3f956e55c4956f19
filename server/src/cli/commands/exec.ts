// `assent exec`: a server of its own for as long as one command runs. The command has stdout for itself; what is said here
// goes to stderr.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readOwnVersion } from '../../own-package.ts';
import type { RunningAssent } from '../../running-assent.ts';
import { loadConfigFile } from '../../tenant/config-file.ts';
import { type ChildEnd, codeOfSignal, runChild, SignalRelay } from '../child-command.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { LogLines } from '../log-lines.ts';
import { type ServerFlags, startOwnServer } from '../own-server.ts';
import { tellOwnWarnings } from '../own-warnings.ts';
import { settleProcess } from '../ready-process.ts';
import { prepareDataFolder } from '../run-file.ts';
import { AGENT_VARIABLES } from '../running-server.ts';

export interface ExecFlags extends ServerFlags {
  config?: string;
  dataFolder?: string;
}

/** How much of the story is told after a failure: what fits on a screen or two. */
const MOST_LINES = 60;

/** Resolves with what the command ended with. */
export async function runExec(
  command: string,
  words: readonly string[],
  flags: ExecFlags,
  context: CommandContext,
): Promise<number> {
  const relay = new SignalRelay(context.env);
  const warnings = tellOwnWarnings('text', context);
  const folder = await mkdtemp(join(tmpdir(), 'assent-exec-'));
  try {
    const config = await loadConfigFile(context.folder, flags.config);
    const dataFolder = flags.dataFolder === undefined ? folder : resolve(context.folder, flags.dataFolder);
    if (flags.dataFolder !== undefined) await prepareDataFolder(dataFolder);
    await using assent = await warnings.whileStarting(() =>
      startOwnServer(flags, { dataFolder, config }, context),
    );
    if (relay.first) return codeOfSignal(relay.first);
    tellStart(assent, context);
    settleProcess();
    const story = followStory(assent, context);
    const env = await environmentOf(assent, folder, context);
    const end = await runChild(command, words, { env, folder: context.folder, relay });
    const lines = await story.end();
    // Whoever has stopped it knows why.
    if (end.code !== EXIT.fine && !relay.first) tellFailure({ command, end, lines }, assent, context);
    return end.code;
  } finally {
    await rm(folder, { recursive: true, force: true });
    relay.stop();
  }
}

function tellStart({ url, tenant, env }: RunningAssent, { terminal }: CommandContext): void {
  terminal.note(
    `  ${terminal.paintNote('quiet', `assent ${readOwnVersion()}`)}  ${terminal.paintNote('address', url)}  ${terminal.paintNote('quiet', `tenant ${tenant.name}`)}`,
  );
  if (env['AUTH0_CLIENT_ID'] === undefined) {
    terminal.note(
      `  ${terminal.paintNote('warning', 'This tenant has no client that may ask, so the command gets no AUTH0_CLIENT_ID.')}`,
    );
  }
}

/** What the command finds in its environment, beside what is in ours. */
async function environmentOf(
  { url, env, caFile, controlToken }: RunningAssent,
  folder: string,
  { env: inherited, folder: here }: CommandContext,
): Promise<Record<string, string | undefined>> {
  const own = {
    // Nothing of another tenant may be mixed with ours, least of all a secret that is real.
    ...Object.fromEntries(AGENT_VARIABLES.map((name) => [name, undefined])),
    ...env,
    ASSENT_URL: url,
    ASSENT_CA: caFile,
    ASSENT_CONTROL_TOKEN: controlToken,
  };
  const extra = inherited['NODE_EXTRA_CA_CERTS'];
  if (!extra || caFile === undefined) return { ...inherited, ...own };
  // The variable names one file, so what it named before goes into ours.
  const before = await readFile(resolve(here, extra), 'utf8').catch(() => '');
  const both = join(folder, 'extra-ca-certs.pem');
  await writeFile(both, `${before.trimEnd()}\n${await readFile(caFile, 'utf8')}`);
  return { ...inherited, ...own, NODE_EXTRA_CA_CERTS: both };
}

interface Story {
  /** The lines until now; the end of it. */
  end(): Promise<readonly string[]>;
}

function followStory({ control }: RunningAssent, { terminal }: CommandContext): Story {
  const ending = new AbortController();
  const log = new LogLines({ paint: terminal.paintNote, canRewrite: false });
  const lines: string[] = [];
  const follow = async (): Promise<void> => {
    for await (const event of control.events({ afterNumber: 0, signal: ending.signal })) {
      lines.push(...log.add(event).map(({ text }) => text));
      lines.splice(0, lines.length - MOST_LINES);
    }
  };
  const followed = follow().catch(() => undefined);
  return {
    async end() {
      // What the server has sent before it answers this has arrived.
      await control.health().catch(() => undefined);
      ending.abort();
      await followed;
      return lines;
    },
  };
}

interface Failure {
  command: string;
  end: ChildEnd;
  lines: readonly string[];
}

function tellFailure(
  { command, end: { code, signal }, lines }: Failure,
  { url }: RunningAssent,
  { terminal }: CommandContext,
): void {
  const ended = `${command} ended with ${code}${signal === undefined ? '' : ` (${signal})`}.`;
  const story =
    lines.length === 0
      ? [`  Nothing was asked of ${url} meanwhile. Does it use AUTH0_DOMAIN?`]
      : [`  What happened at ${url} meanwhile:`, '', ...lines];
  terminal.note(['', `  ${terminal.paintNote('bad', ended)}`, ...story, ''].join('\n'));
}
