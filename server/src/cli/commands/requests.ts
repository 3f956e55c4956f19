// `assent requests` and `assent show`: what is waiting, and what became of the rest.
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Format, showText } from '../output.ts';
import { formatRequest, formatRequests } from '../request-text.ts';
import { adviseOnUnknown, findRunningServer } from '../running-server.ts';
import { quoteWord } from '../start-settings.ts';

export interface RequestsFlags {
  state?: string;
  limit: number;
  before?: string;
  dataFolder?: string;
  format: Format;
}

export async function runRequests(flags: RequestsFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal, commandName } = context;
  const { control, health } = await findRunningServer(context, flags);
  const { state, limit, before, format } = flags;
  const requests = await adviseOnUnknown(
    control.requests({
      limit,
      ...(state === undefined ? {} : { state }),
      ...(before === undefined ? {} : { before }),
    }),
  );
  if (format === 'json') terminal.data(JSON.stringify(requests));
  else if (format === 'ndjson') for (const request of requests) terminal.data(JSON.stringify(request));
  else if (requests.length > 0) {
    terminal.data(formatRequests(requests, terminal.paintData, Date.parse(health.clock.now)));
  } else
    terminal.note(
      before === undefined
        ? `  No requests${state === undefined ? ' yet' : ` are ${state}`}.  Make one:  ${commandName} ask "Pay 42 EUR to Grace"`
        : `  No requests before ${before}${state === undefined ? '' : ` are ${state}`}.`,
    );
  if (format === 'text') {
    const last = requests.at(-1);
    if (last && requests.length === limit)
      terminal.note(`  Older ones, if there are any:  ${older(commandName, flags, last.name)}`);
    for (const { id, text } of health.faults) {
      terminal.note(`  ${terminal.paintNote('warning', `${id} is active`)}: ${showText(text)}`);
    }
  }
  return EXIT.fine;
}

/** With the words that name the same server and the same requests. */
function older(commandName: string, { state, limit, dataFolder }: RequestsFlags, name: string): string {
  return [
    commandName,
    'requests',
    ...(state === undefined ? [] : ['--state', state]),
    '--limit',
    limit,
    '--before',
    name,
    ...(dataFolder === undefined ? [] : ['--data-folder', quoteWord(dataFolder)]),
  ].join(' ');
}

export interface ShowFlags {
  dataFolder?: string;
  format: Format;
}

/** @param ref short name, id, auth_req_id or `latest` */
export async function runShow(ref: string, flags: ShowFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { control } = await findRunningServer(context, flags);
  const request = await adviseOnUnknown(control.request(ref));
  terminal.data(
    flags.format === 'text' ? formatRequest(request, terminal.paintData) : JSON.stringify(request),
  );
  return EXIT.fine;
}
