// The agent of a scene: plain HTTP, and its own record of what it sent and was answered. Whether the trace tells the truth is
// judged by that record, so it is made here and nowhere else.
import { once } from 'node:events';
import { request as requestOverHttp } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SceneResult } from '../contract/index.ts';
import { redactBody, redactParameter } from '../exchange/index.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';

export interface AgentAnswer {
  status: number;
  body: JsonObject;
}

export interface AgentCall {
  method: 'GET' | 'POST';
  url: string;
  /** A form for the server, JSON for the API. */
  form?: Readonly<Record<string, string>>;
  json?: JsonObject;
  token?: string | undefined;
}

export class SceneAgent {
  readonly wire: SceneResult['wire'] = [];
  /** The run that it plays now. */
  run = '';

  async call(to: 'server' | 'api', { method, url, form, json, token }: AgentCall): Promise<AgentAnswer> {
    const sent = form ? new URLSearchParams(form).toString() : json ? JSON.stringify(json) : undefined;
    const contentType = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const request = requestOverHttp(url, {
      method,
      agent: false,
      headers: {
        accept: 'application/json',
        ...(sent === undefined ? {} : { 'content-type': contentType }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    request.end(sent);
    const [response] = await once(request, 'response');
    const body = readObject(await text(response));
    const status: number = response.statusCode ?? 0;
    this.wire.push({
      run: this.run,
      to,
      exchange: {
        request: {
          method,
          path: new URL(url).pathname,
          ...(sent === undefined ? {} : { content_type: contentType }),
          parameters: form
            ? Object.fromEntries(
                Object.entries(form).map(([name, value]) => [name, redactParameter(name, value)]),
              )
            : json
              ? { body: JSON.stringify(json) }
              : {},
        },
        response: { status, headers: {}, body: redactBody(body) },
      },
    });
    return { status, body };
  }

  /** The first requests have no name before the server has given them one. */
  nameRun(name: string): void {
    for (const call of this.wire) if (call.run === '') call.run = name;
    this.run = name;
  }
}

function readObject(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : {};
  } catch {
    // A page, or nothing.
    return {};
  }
}
