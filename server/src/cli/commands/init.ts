// `assent init`: a tenant file for an agent, an API and people of one's own. Whatever is asked or given, the file starts.
import { appendFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { isFailure, readOptional } from '../../disk.ts';
import { inOwnPackage } from '../../own-package.ts';
import { Problem } from '../../problem.ts';
import { checkTenantText, TENANT_FILE_NAMES } from '../../tenant/config-file.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Format } from '../output.ts';
import { DATA_FOLDER } from '../run-file.ts';
import { sampleDetail, type TenantAnswers, USUAL_ANSWERS, writeTenantFile } from '../tenant-template.ts';

export interface InitFlags {
  client?: string;
  audience?: string;
  type?: string;
  person?: string[];
  output: string;
  /** Asks nothing, at a terminal too. */
  yes?: boolean;
  force?: boolean;
  format: Format;
}

export async function runInit(flags: InitFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal, folder } = context;
  const path = resolve(folder, flags.output);
  if (!flags.force) await requireNoFile(path, folder);
  const answers =
    terminal.isInteractive && !flags.yes ? await askForRest(flags, context) : completeFlags(flags);
  if (!answers) {
    terminal.note('\n  Nothing was written.');
    return EXIT.failed;
  }
  requireText(answers);
  const text = writeTenantFile(answers, {
    schema: await findSchema(dirname(path)),
    reference: await findReference(dirname(path)),
  });
  await checkTenantText(text, basename(path));
  await write(path, text, flags.force === true);
  const ignored = await ignoreDataFolder(folder);
  if (flags.format === 'text') tellWritten({ path, ignored, answers, flags }, context);
  else terminal.data(JSON.stringify({ file: path, ignored: ignored ?? null, ...answers }));
  return EXIT.fine;
}

/** A file of another name would lie there unread, so it counts as one that is in the way. */
async function requireNoFile(path: string, folder: string): Promise<void> {
  const isUsual = dirname(path) === folder && TENANT_FILE_NAMES.some((name) => name === basename(path));
  const candidates = isUsual ? TENANT_FILE_NAMES.map((name) => join(folder, name)) : [path];
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => undefined);
    if (!found) continue;
    throw new Problem('file_exists', `${basename(candidate)} is there already; nothing was written.`, {
      hint: [
        `Write another file:   assent init --output my-tenant.yaml`,
        `Or over it:           assent init --force`,
      ].join('\n'),
    });
  }
}

function completeFlags({ client, audience, type, person }: InitFlags): TenantAnswers {
  return {
    client: client ?? USUAL_ANSWERS.client,
    audience: audience ?? USUAL_ANSWERS.audience,
    type: type ?? USUAL_ANSWERS.type,
    people: person ?? USUAL_ANSWERS.people,
  };
}

/** Undefined when whoever was asked went away. */
async function askForRest(
  flags: InitFlags,
  { terminal }: CommandContext,
): Promise<TenantAnswers | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const leaving = new AbortController();
  lines.once('close', () => leaving.abort());
  const ask = async (question: string, usual: string): Promise<string> => {
    const shown = `  ${question} ${terminal.paintNote('quiet', `[${usual}]`)} `;
    return (await lines.question(shown, { signal: leaving.signal })).trim() || usual;
  };
  try {
    terminal.note('');
    const { client, audience, type, people } = completeFlags(flags);
    const answers = {
      client: flags.client ?? (await ask('Client id of your agent', client)),
      audience: flags.audience ?? (await ask('Identifier of the API that its token is for', audience)),
      type: flags.type ?? (await ask('What it asks for there, as a type of authorization details', type)),
      people:
        flags.person ?? (await ask('Who is asked, names or e-mail addresses', people.join(', '))).split(','),
    };
    return { ...answers, people: answers.people.map((one) => one.trim()).filter((one) => one !== '') };
  } catch (error) {
    if (leaving.signal.aborted) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}

function requireText({ client, audience, type, people }: TenantAnswers): void {
  const named = { '--client': client, '--audience': audience, '--type': type };
  const empty = Object.entries(named).find(([, text]) => text.trim() === '')?.[0];
  const nobody = people.length === 0 || people.some((one) => one.trim() === '') ? '--person' : undefined;
  const missing = empty ?? nobody;
  if (missing === undefined) return;
  throw new Problem('usage', `Received an empty text for ${missing}, expected a name.`, {
    hint: 'assent init --client my-agent --audience https://api.example/orders --type order --person "Ada Lovelace"',
  });
}

/** The page on every setting: of the package, where that is installed beside the file, else as a clone has it. */
async function findReference(folder: string): Promise<string> {
  const page = 'docs/reference/configuration.md';
  const installed = `node_modules/assent/${page}`;
  return (await stat(join(folder, installed)).catch(() => undefined)) ? installed : page;
}

/** The schema for editors, as the file can name it wherever the project is checked out; undefined where it cannot. */
async function findSchema(folder: string): Promise<string | undefined> {
  const installed = 'node_modules/assent/tenant.schema.json';
  if (await stat(join(folder, installed)).catch(() => undefined)) return `./${installed}`;
  const own = relative(folder, fileURLToPath(inOwnPackage('tenant.schema.json')));
  return own.startsWith('..') ? undefined : `./${own}`;
}

async function write(path: string, text: string, overwrites: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: overwrites ? 'w' : 'wx' });
  } catch (cause) {
    const reason = isFailure(cause, 'EEXIST') ? 'is there already' : 'cannot be written';
    throw new Problem('output_unwritable', `${path} ${reason}.`, {
      hint: 'Name another file: assent init --output FILE',
      cause,
    });
  }
}

/** The line that keeps the data folder out of Git; undefined where there is one. */
async function ignoreDataFolder(folder: string): Promise<string | undefined> {
  const file = join(folder, '.gitignore');
  const before = (await readOptional(file)) ?? '';
  if (before.split(/\r?\n/).some((line) => line.trim().replaceAll('/', '') === DATA_FOLDER)) return undefined;
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${separator}${DATA_FOLDER}/\n`);
  return file;
}

interface Written {
  path: string;
  ignored: string | undefined;
  answers: TenantAnswers;
  flags: InitFlags;
}

function tellWritten({ path, ignored, answers, flags }: Written, context: CommandContext): void {
  const { terminal, folder, commandName } = context;
  const name = relative(folder, path);
  const isFound = TENANT_FILE_NAMES.some((usual) => usual === name);
  const config = isFound ? '' : ` --config ${quote(name)}`;
  const details = quote(JSON.stringify(sampleDetail(answers)));
  const lines = [
    '',
    `  ${terminal.paintNote('good', 'Written:')} ${name}${ignored === undefined ? '' : `, and ${DATA_FOLDER}/ into .gitignore`}`,
    '',
    '  Start it, and in a second terminal play the agent:',
    '',
    `    ${commandName}${flags.output === 'assent.yaml' || isFound ? '' : ` start${config}`}`,
    `    ${commandName} ask "TRY-1" --details ${details}`,
    '',
  ];
  terminal.note(lines.join('\n'));
}

/** As a POSIX shell takes it literally. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
