// A request as a curl command for a POSIX shell: with variables in place of secrets, or as it came in. Pure.
import type { Exchange, OriginalExchange } from 'assent/contract';
import { jsonPieces, readKnownRequest } from './known-request.ts';
import { shellWord } from './source-text.ts';

const LINE = ' \\\n  ';

/** Runs in a shell that has the variables of `assent env`; `AUTH_REQ_ID` and the like are for the reader to set. */
export function redactedCurl(exchange: Exchange, origin: string): string {
  const request = readKnownRequest(exchange, origin);
  const options: string[] = [...trustOptions(request.url)];
  if (request.usesBasic) options.push('--user "$AUTH0_CLIENT_ID:$AUTH0_CLIENT_SECRET"');
  if (request.hasBody && request.isJson) {
    options.push(`--header ${shellWord(['Content-Type: application/json'])}`);
    options.push(`--data-raw ${shellWord(jsonPieces(request))}`);
  } else {
    if (!request.hasBody && request.parameters.length > 0) options.push('--get');
    for (const [name, value] of request.parameters) {
      // curl encodes what is after the equals sign only.
      options.push(`--data-urlencode ${shellWord([`${encodeURIComponent(name)}=`, ...value])}`);
    }
    if (request.hasBody && request.parameters.length === 0)
      options.push(`--request ${shellWord([request.method])}`);
  }
  if (request.hasBody && request.method !== 'POST' && request.parameters.length > 0) {
    options.push(`--request ${shellWord([request.method])}`);
  }
  return [`curl ${shellWord([request.url])}`, ...options].join(LINE);
}

/** Header fields that curl sets by itself, or that belong to the connection the request came over. */
const OWN_HEADERS = [
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'accept-encoding',
  'expect',
  'te',
  'upgrade',
];

/** The request as it came in, with its secrets. */
export function runnableCurl({ request }: OriginalExchange): string {
  const { method, url, headers, body } = request;
  const options = [...trustOptions(url)];
  // Brackets and braces are patterns to curl.
  if (/[[\]{}]/.test(url)) options.push('--globoff');
  for (const { name, value } of headers) {
    if (OWN_HEADERS.includes(name.toLowerCase())) continue;
    options.push(`--header ${shellWord([value === '' ? `${name};` : `${name}: ${value}`])}`);
  }
  if (body !== undefined && body !== '') options.push(`--data-raw ${shellWord([body])}`);
  const isDefault = method === (body === undefined || body === '' ? 'GET' : 'POST');
  if (!isDefault) options.push(`--request ${shellWord([method])}`);
  return [`curl ${shellWord([url])}`, ...options].join(LINE);
}

/** The certificate of the server is signed by an authority of its own; `assent env` says where its certificate is. */
function trustOptions(url: string): string[] {
  return url.startsWith('https:') ? ['--cacert "$NODE_EXTRA_CA_CERTS"'] : [];
}
