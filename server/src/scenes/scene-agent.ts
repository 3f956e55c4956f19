// The agent of a scene: plain HTTP, and its own record of what it sent and was answered. Whether the trace tells the truth is
// judged by that record, so it is made here and nowhere else.
import type { SceneResult } from '../contract/index.ts';
import { describeCall } from '../exchange/index.ts';
import type { JsonObject } from '../json-object.ts';
import { callOwnServer, type OwnCall } from '../own-call.ts';

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
    const { origin, pathname, search } = new URL(url);
    const body = form ? new URLSearchParams(form) : json;
    const call: OwnCall = {
      method,
      path: `${pathname}${search}`,
      ...(body === undefined ? {} : { body }),
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    };
    const answer = await callOwnServer({ url: origin, ca: undefined }, call);
    this.wire.push({ run: this.run, to, exchange: describeCall(call, answer) });
    return { status: answer.status, body: answer.body };
  }

  /** The first requests have no name before the server has given them one. */
  nameRun(name: string): void {
    for (const call of this.wire) if (call.run === '') call.run = name;
    this.run = name;
  }
}
