// `assent class`: runs many tenants until somebody stops it, and tells who comes and goes.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import {
  type ClassNews,
  type ClassOptions,
  type RunningClass,
  startClass,
} from '../../classroom/classroom.ts';
import { replaceFile } from '../../disk.ts';
import { readOwnVersion } from '../../own-package.ts';
import { Problem } from '../../problem.ts';
import { loadConfigFile } from '../../tenant/config-file.ts';
import { warnOfFailure } from '../../warnings.ts';
import { formatClassBanner } from '../class-banner.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Format, showText } from '../output.ts';
import { tellOwnWarnings } from '../own-warnings.ts';
import { settleProcess } from '../ready-process.ts';
import { prepareDataFolder } from '../run-file.ts';
import { watchSignals } from '../signals.ts';

export interface ClassFlags {
  port: number;
  host: string;
  hostName?: string;
  config?: string;
  names?: string;
  data?: string;
  dataFolder: string;
  teacherTokenFile?: string;
  format: Format;
}

/** Beside `server.json`, which a server of its own may have in the same folder. */
const RUN_FILE = 'class-server.json';

export async function runClass(
  places: number,
  flags: ClassFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { folder, terminal } = context;
  const { signal } = watchSignals(context.env);
  const warnings = tellOwnWarnings(flags.format, context);
  const { config: file, names, teacherTokenFile, hostName } = flags;
  const config = file === undefined ? undefined : await loadConfigFile(folder, file);
  const dataFolder = resolve(folder, flags.dataFolder);
  await prepareDataFolder(dataFolder);
  const runFile = new ClassRunFile(join(dataFolder, RUN_FILE));
  const token = teacherTokenFile && (await readGiven(folder, teacherTokenFile, 'The teacher’s token')).trim();
  const options: ClassOptions = {
    places,
    host: flags.host,
    port: flags.port,
    dataFolder,
    ...(hostName === undefined ? {} : { issuerHost: hostName }),
    ...(config === undefined ? {} : { config: config.config }),
    ...(flags.data === undefined ? {} : { data: resolve(folder, flags.data) }),
    ...(names === undefined
      ? {}
      : { names: linesOf(await readGiven(folder, names, 'The names of the students')) }),
    ...(token === undefined ? {} : { teacherToken: token }),
    onNews: (news) => {
      // A place that was freed has another control token. Told once that is written down.
      if (news.type === 'freed') void runFile.writeAgain().then(() => tell(news, flags.format, context));
      else tell(news, flags.format, context);
    },
  };
  await using running = await warnings
    .whileStarting(() => startClass(options))
    .catch((error: unknown) => {
      throw explainPort(error, places);
    });
  await runFile.write(running);
  settleProcess();
  try {
    if (flags.format === 'text')
      terminal.note(
        formatClassBanner(
          {
            version: readOwnVersion(),
            running,
            fingerprint: new X509Certificate(running.ca).fingerprint256,
            runFile: showPath(folder, runFile.path),
            data: flags.data && showPath(folder, resolve(folder, flags.data)),
            configFile: config && showPath(folder, config.path),
            columns: terminal.isInteractive ? terminal.columns : undefined,
          },
          terminal.paintNote,
        ),
      );
    else terminal.data(JSON.stringify({ type: 'ready', ...describeRun(running, 'without secrets') }));
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await runFile.remove();
  }
  return EXIT.fine;
}

/** How programs of this computer find a class that runs. */
class ClassRunFile {
  readonly path: string;
  #running: RunningClass | undefined;
  #text = '';
  /** One writing after the other, so that the last one stands. */
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  async write(running: RunningClass): Promise<void> {
    this.#running = running;
    this.#text = `${JSON.stringify(describeRun(running), null, 2)}\n`;
    await replaceFile(this.path, this.#text, 0o600);
  }

  /** Never fails: a class goes on without the file. */
  writeAgain(): Promise<void> {
    this.#lastWrite = this.#lastWrite
      .then(async () => {
        if (this.#running) await this.write(this.#running);
      })
      .catch((cause: unknown) => {
        // Another place begins anew; that is written down in its turn.
        if (cause instanceof Problem && cause.code === 'not_ready') return;
        warnOfFailure(`${this.path} is out of date`, cause);
      });
    return this.#lastWrite;
  }

  /** A class that was started later with the same folder keeps its own. */
  async remove(): Promise<void> {
    await this.#lastWrite;
    if ((await readFile(this.path, 'utf8').catch(() => '')) === this.#text)
      await rm(this.path, { force: true });
  }
}

/** What is printed may end in a log; the file is for its owner alone. */
function describeRun(running: RunningClass, secrets: 'with secrets' | 'without secrets' = 'with secrets') {
  const { url, teacherToken, caFile } = running;
  const shows = secrets === 'with secrets';
  return {
    version: readOwnVersion(),
    pid: process.pid,
    join_url: `${url}/`,
    teacher_url: `${url}/teacher`,
    ca_file: caFile,
    ...(teacherToken === undefined || !shows ? {} : { teacher_token: teacherToken }),
    places: running.places.map(({ number, assent }) => ({
      number,
      url: assent.url,
      issuer: assent.issuer,
      ...(assent.controlToken === undefined || !shows ? {} : { control_token: assent.controlToken }),
    })),
  };
}

const NEWS = {
  joined: 'joined',
  returned: 'came back with another browser',
  reset: 'was reset',
  freed: 'was freed',
};

function tell(news: ClassNews, format: Format, { terminal }: CommandContext): void {
  if (format !== 'text') terminal.data(JSON.stringify(news));
  else {
    const { number, name, type } = news;
    const who = name === undefined ? '' : `  ${showText(name)}`;
    terminal.note(`  ${terminal.paintNote('quiet', `place ${number}`)}${who} ${NEWS[type]}`);
  }
}

function explainPort(error: unknown, places: number): unknown {
  if (!(error instanceof Problem) || error.code !== 'port_in_use') return error;
  return new Problem('port_in_use', `${error.message} A class of ${places} needs ${places + 1} in a row.`, {
    hint: [
      `Begin elsewhere:       assent class ${places} --port 5500`,
      `Or let it choose:      assent class ${places} --port 0`,
    ].join('\n'),
    cause: error,
  });
}

async function readGiven(folder: string, file: string, what: string): Promise<string> {
  try {
    return await readFile(resolve(folder, file), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('usage', `${what} cannot be read: ${reason}`, { cause });
  }
}

function linesOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}

function showPath(folder: string, path: string): string {
  const short = relative(folder, path);
  return short.startsWith('..') ? path : short;
}
