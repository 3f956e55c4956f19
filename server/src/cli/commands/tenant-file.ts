// `assent export` and `assent import`: the running tenant as a file, and a file into the running tenant.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { CONTROL_API, type TenantChange, tenantChangeSchema } from '../../contract/index.ts';
import type { ControlTransport } from '../../control-client.ts';
import { Problem } from '../../problem.ts';
import { loadConfigFile, readTenantFile } from '../../tenant/config-file.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Format } from '../output.ts';
import { findRunningServer } from '../running-server.ts';

export interface ExportFlags {
  output?: string;
  secrets: boolean;
  dataFolder?: string;
  format: 'yaml' | 'json';
}

export async function runExport(flags: ExportFlags, context: CommandContext): Promise<ExitCode> {
  const { transport } = await findRunningServer(context, flags);
  const query = new URLSearchParams({ format: flags.format, secrets: String(flags.secrets) });
  const file = await text(await transport.open({ path: `${CONTROL_API}/tenant?${query}` }));
  const shown = flags.format === 'json' ? `${JSON.stringify(JSON.parse(file), null, 2)}\n` : file;
  if (flags.output === undefined) {
    context.terminal.data(shown.trimEnd());
    return EXIT.fine;
  }
  const path = resolve(context.folder, flags.output);
  try {
    // It holds the secrets of the clients.
    await writeFile(path, shown, { mode: 0o600 });
  } catch (cause) {
    throw new Problem('output_unwritable', `${path} cannot be written.`, {
      hint: 'Name another file: assent export --output FILE',
      cause,
    });
  }
  context.terminal.note(`  Written: ${path}`);
  return EXIT.fine;
}

export interface ImportFlags {
  merge?: boolean;
  dataFolder?: string;
  format: Format;
}

/** @throws Problem `config_unreadable`, `config_invalid` with every finding; the tenant is unchanged then */
export async function runImport(
  path: string,
  flags: ImportFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const file = await readTenantFile(resolve(context.folder, path));
  const { transport } = await findRunningServer(context, flags);
  if (!flags.merge) {
    // Every mistake with its place in the file, before anything is sent.
    await loadConfigFile(context.folder, path).catch((error: unknown) => {
      throw adviseToMerge(error, path);
    });
  }
  const change = await sendTenantFile(transport, file, flags.merge ? 'PATCH' : 'PUT').catch(
    (error: unknown) => {
      throw flags.merge ? error : adviseToMerge(error, path);
    },
  );
  if (flags.format !== 'text') terminal.data(JSON.stringify(change));
  else {
    const { tenant, clients, resource_servers: apis, users } = change;
    terminal.note(`  ${tenant} now has ${clients} clients, ${apis} APIs and ${users} people.`);
  }
  return EXIT.fine;
}

/** A part of a tenant file is the likeliest reason why one is refused. */
function adviseToMerge(error: unknown, path: string): unknown {
  if (!(error instanceof Problem) || error.code !== 'config_invalid') return error;
  const { message, findings, hint, cause } = error;
  const merge = `If it is a part of one: assent import --merge ${path}`;
  return new Problem('config_invalid', message, { findings, hint: [merge, hint].join('\n'), cause });
}

function sendTenantFile(
  transport: ControlTransport,
  file: unknown,
  method: 'PUT' | 'PATCH',
): Promise<TenantChange> {
  return transport.call({ method, path: `${CONTROL_API}/tenant`, body: file }, tenantChangeSchema);
}
