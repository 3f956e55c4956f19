// A request as JavaScript with fetch. Secrets come from the environment. Pure.
import type { Exchange } from 'assent/contract';
import { jsonPieces, type KnownRequest, readKnownRequest } from './known-request.ts';
import { scriptName, scriptText, scriptValue } from './source-text.ts';

export function fetchCall(exchange: Exchange, origin: string): string {
  const request = readKnownRequest(exchange, origin);
  const { method, hasBody, parameters } = request;
  const lines = [
    ...(method === 'GET' ? [] : [`method: ${scriptText(method)},`]),
    ...headerLines(request),
    ...(hasBody && parameters.length > 0 ? bodyLines(request) : []),
  ];
  const address = hasBody || parameters.length === 0 ? scriptText(request.url) : addressWithQuery(request);
  return [
    lines.length === 0
      ? `const response = await fetch(${address});`
      : `const response = await fetch(${address}, {\n${lines.map((line) => `  ${line}`).join('\n')}\n});`,
    'console.log(response.status, await response.text());',
    '',
  ].join('\n');
}

const CREDENTIALS = "process.env.AUTH0_CLIENT_ID + ':' + process.env.AUTH0_CLIENT_SECRET";

function headerLines({ usesBasic, hasBody, isJson }: KnownRequest): string[] {
  const headers = [
    ...(hasBody && isJson ? ["'content-type': 'application/json',"] : []),
    ...(usesBasic ? [`authorization: 'Basic ' + btoa(${CREDENTIALS}),`] : []),
  ];
  return headers.length === 0 ? [] : ['headers: {', ...headers.map((line) => `  ${line}`), '},'];
}

function bodyLines(request: KnownRequest): string[] {
  if (request.isJson) return [`body: ${scriptValue(jsonPieces(request))},`];
  return ['body: new URLSearchParams({', ...memberLines(request), '}),'];
}

function addressWithQuery(request: KnownRequest): string {
  return `\`${request.url.replaceAll(/[`\\$]/g, '\\$&')}?\${new URLSearchParams({\n${memberLines(request).join('\n')}\n})}\``;
}

function memberLines({ parameters }: KnownRequest): string[] {
  return parameters.map(([name, value]) => `  ${scriptName(name)}: ${scriptValue(value)},`);
}
