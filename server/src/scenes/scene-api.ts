// The API of a scene: one route that does what its body says, behind the gate that every API has. One check of it can be turned off,
// to see what that check is for.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type AuthorizationDetail, authorizationDetailSchema, type SceneCheck } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import {
  type CallReporter,
  createSpentTokens,
  createTokenVerifier,
  requireTokenInFetch,
} from '../resource-server/index.ts';

export interface SceneApiOptions {
  issuer: string;
  audience: string;
  scope: readonly string[];
  clock: { now(): number };
  report: CallReporter;
  without: SceneCheck | undefined;
}

export interface SceneApi {
  readonly url: string;
  close(): Promise<void>;
}

const SCENE_API_PATH = '/transfers';

export async function openSceneApi(options: SceneApiOptions): Promise<SceneApi> {
  const { issuer, audience, scope, clock, report, without } = options;
  const isOn = (check: SceneCheck): boolean => check !== without;
  const answer = requireTokenInFetch(
    createTokenVerifier({ issuer, audience, clock }),
    async (request) => ({
      ...(isOn('scope') && scope.length > 0 ? { scope } : {}),
      ...(isOn('details') ? { details: readDetails(await request.clone().json()) } : {}),
    }),
    done,
    { report, ...(isOn('single_use') ? { singleUse: createSpentTokens({ clock }) } : {}) },
  );
  const server = createServer(async (incoming, outgoing) => {
    const { authorization } = incoming.headers;
    const body: unknown = await json(incoming).catch(() => ({}));
    const request = new Request(new URL(incoming.url ?? '/', 'http://127.0.0.1'), {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
      body: JSON.stringify(body),
    });
    let response: Response;
    if (authorization === undefined && !isOn('token_present')) {
      report.tell({
        method: 'POST',
        path: SCENE_API_PATH,
        status: 200,
        verdict: { api: audience, checks: [] },
      });
      response = done();
    } else {
      response = await answer(request);
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${SCENE_API_PATH}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function done(): Response {
  return Response.json({ done: true });
}

function readDetails(body: unknown): AuthorizationDetail[] {
  const details = isJsonObject(body) ? body['authorization_details'] : undefined;
  return Array.isArray(details) ? details.map((detail) => authorizationDetailSchema.parse(detail)) : [];
}
