// Finds the running server and makes sure that it answers, before a command relies on it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Health } from '../contract/index.ts';
import {
  type ControlClient,
  type ControlTransport,
  createControlClient,
  createControlTransport,
} from '../control-client.ts';
import { Problem } from '../problem.ts';
import type { CommandContext } from './context.ts';
import { findRunFile, isProcessAlive, removeRunFile } from './run-file.ts';
import { quoteWord, typeAgain } from './start-settings.ts';

export interface RunningServer {
  url: string;
  /** Its certificate authority; undefined on plain http, or where none was named. */
  caFile: string | undefined;
  /** Its certificate authority as PEM; undefined trusts what Node trusts. */
  ca: string | undefined;
  health: Health;
  control: ControlClient;
  transport: ControlTransport;
  /** Variables for an agent. */
  env: Readonly<Record<string, string>>;
}

/** Variables that make up an agent's environment where no run file tells them. */
export const AGENT_VARIABLES = ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET', 'AUTH0_AUDIENCE'];

/** @throws Problem `server_unreachable` when there is none, or when it has stopped */
export async function findRunningServer(
  context: CommandContext,
  options: { dataFolder?: string | undefined },
): Promise<RunningServer> {
  const named = context.env['ASSENT_URL'];
  if (named) return await connectToNamed(named, context);
  const found = await findRunFile(context.folder, options.dataFolder);
  if (!found) throw explainNone(context, options.dataFolder);
  const { url, ca_file: caFile, env, pid, control_token: controlToken, settings } = found.run;
  try {
    return {
      ...(await connect(url, {
        caFile: context.env['ASSENT_CA'] ?? caFile,
        token: context.env['ASSENT_CONTROL_TOKEN'] ?? controlToken,
      })),
      env,
    };
  } catch (error) {
    if (isProcessAlive(pid)) throw error;
    await removeRunFile(found.folder, pid);
    throw new Problem('server_unreachable', `The server at ${url} has stopped; its process ${pid} is gone.`, {
      hint: `Start it again:   ${typeAgain(settings ?? [])}`,
      cause: error,
    });
  }
}

/** Whoever has named a folder is told of that one: the name may be what is wrong. */
function explainNone({ folder }: CommandContext, dataFolder: string | undefined): Problem {
  const named = dataFolder === undefined ? undefined : resolve(folder, dataFolder);
  const start = dataFolder === undefined ? 'assent' : `assent --data-folder ${quoteWord(dataFolder)}`;
  const hint = `Start it:               ${start}\nOr say where it runs:   export ASSENT_URL=https://localhost:4443`;
  if (named === undefined) return new Problem('server_unreachable', 'No server runs here.', { hint });
  const why = existsSync(named)
    ? `No server runs with the data folder ${named}.`
    : `The data folder ${named} does not exist, so no server runs with it.`;
  return new Problem('server_unreachable', why, { hint });
}

async function connectToNamed(url: string, { env }: CommandContext): Promise<RunningServer> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new Problem('usage', `ASSENT_URL is "${url}", expected https:// or http:// and a host.`, {
      hint: 'export ASSENT_URL=https://localhost:4443',
    });
  }
  const caFile = env['ASSENT_CA'];
  const connection = await connect(url, { caFile, token: env['ASSENT_CONTROL_TOKEN'] });
  const given = AGENT_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return {
    ...connection,
    env: {
      AUTH0_DOMAIN: new URL(connection.health.issuer).host,
      ...Object.fromEntries(given),
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
    },
  };
}

async function connect(
  url: string,
  { caFile, token }: { caFile: string | undefined; token: string | undefined },
): Promise<Omit<RunningServer, 'env'>> {
  const ca = caFile === undefined ? undefined : await readAuthority(caFile);
  const control = createControlClient({ url, ca, token, from: 'command line' });
  return {
    url,
    caFile,
    ca,
    control,
    transport: createControlTransport({ url, ca, token }),
    health: await control.health(),
  };
}

async function readAuthority(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem('certificate_unusable', `The certificate authority ${file} cannot be read.`, {
      hint: 'Name another one:   export ASSENT_CA=.assent/ca.pem',
      cause,
    });
  }
}

/** Says how to find a request when the server does not know the one that was named. */
export async function adviseOnUnknown<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
    throw new Problem('not_found', error.message, {
      hint: 'See what there is:   assent requests',
      cause: error,
    });
  }
}
