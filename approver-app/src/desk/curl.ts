// A call as a line for a terminal: without secrets, to be shown, or with them, to be run. Pure.
import { CONTROL_API, MANAGEMENT_PATH } from 'assent/contract';
import type { ApiCall } from './api.ts';

export interface CurlOptions {
  /** Where the server answers: `https://localhost:4443`. */
  origin: string;
  /** In place of the variable that stands for it: a secret. */
  authorization?: string | undefined;
  /** Whether the control API asks for its token. */
  needsControlToken: boolean;
}

/** Members of a body that let their reader in. */
const SECRET_MEMBERS = /secret|password|private|token|p12|server_key/i;

export function toCurl(call: ApiCall, { origin, authorization, needsControlToken }: CurlOptions): string {
  const { method = 'GET', path, body } = call;
  const isRunnable = authorization !== undefined;
  const header = authorization ?? variableFor(path, needsControlToken);
  const words = [
    'curl',
    ...(origin.startsWith('https:') ? ['--cacert "$ASSENT_CA"'] : []),
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    quote(origin + path),
    ...(header === undefined
      ? []
      : [`-H ${isRunnable ? quote(`Authorization: ${header}`) : `"Authorization: ${header}"`}`]),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${bodyWord(isRunnable ? body : withoutSecrets(body))}`]),
  ];
  return words.join(' \\\n  ');
}

/** How to get the token that the redacted line names. */
export function tokenLine(call: ApiCall, origin: string, needsControlToken: boolean): string | undefined {
  if (!call.path.startsWith(`${MANAGEMENT_PATH}/`)) return undefined;
  const curl = toCurl(
    { method: 'POST', path: `${CONTROL_API}/management-token`, body: {} },
    { origin, needsControlToken },
  ).replaceAll(' \\\n  ', ' ');
  return `MANAGEMENT_TOKEN=$(${curl.replace('curl', 'curl -s')} | jq -r .access_token)`;
}

function variableFor(path: string, needsControlToken: boolean): string | undefined {
  if (path.startsWith(`${MANAGEMENT_PATH}/`)) return 'Bearer $MANAGEMENT_TOKEN';
  return needsControlToken && path.startsWith(`${CONTROL_API}/`) ? 'Bearer $ASSENT_CONTROL_TOKEN' : undefined;
}

/** A body that nobody would paste is named as a file. */
const LONGEST_BODY = 20_000;

function bodyWord(body: unknown): string {
  const text = JSON.stringify(body);
  return text.length > LONGEST_BODY ? '@body.json' : quote(text);
}

/** For a POSIX shell: nothing within single quotes is interpreted. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function withoutSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string' && SECRET_MEMBERS.test(name)) return '…';
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSecrets(each, key)]));
}
