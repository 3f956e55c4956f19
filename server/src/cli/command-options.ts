// Options and values that several commands take alike.
import { InvalidArgumentError, Option } from 'commander';
import { requestsQuerySchema } from '../contract/index.ts';
import { DATA_FOLDER } from './run-file.ts';

export function formatOption(): Option {
  return new Option('--format <format>', 'how to write the result on stdout')
    .choices(['text', 'json', 'ndjson'])
    .default('text');
}

export function dataFolderOption(): Option {
  return new Option(
    '--data-folder <folder>',
    `data folder of the server (default: the nearest ${DATA_FOLDER} here or above)`,
  );
}

export function parsePort(text: string): number {
  const port = parseWhole(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

export function parseLimit(text: string): number {
  const limit = requestsQuerySchema.shape.limit.safeParse(text);
  if (!limit.success) throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
  return limit.data;
}

export function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}
