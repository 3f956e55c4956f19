// The same route in each framework: move what the body says, if exactly that was approved. Real frameworks on real sockets.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import type { AuthorizationDetail } from '../../src/contract/index.ts';
import {
  type GateOptions,
  requireTokenInExpress,
  requireTokenInFastify,
  requireTokenInFetch,
  requireTokenInKoa,
  type TokenRequirements,
  type TokenVerifier,
} from '../../src/resource-server/index.ts';

export const TRANSFER = { type: 'transfer_funds', to: 'grace', currency: 'EUR' } as const;

/** What the route needs to know before it moves anything; an amount that is none is a mistake of the caller. */
function requirementsOf(body: unknown): TokenRequirements {
  const { amount, ...more } = body as Record<string, unknown>;
  if (typeof amount !== 'string')
    throw Object.assign(new Error('amount is missing'), { status: 400, statusCode: 400, expose: true });
  const detail: AuthorizationDetail = { ...TRANSFER, amount, ...more };
  return { scope: 'create:transfer', details: [detail] };
}

export interface GuardedApp extends AsyncDisposable {
  readonly url: string;
}

type StartApp = (verifier: TokenVerifier, options: GateOptions) => Promise<GuardedApp>;

async function listen(server: Server): Promise<GuardedApp> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/transfers`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const startKoa: StartApp = (verifier, options) => {
  const app = new Koa();
  app.silent = true;
  app.use(async (ctx, next) => {
    const chunks: Buffer[] = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    ctx.state['sent'] = JSON.parse(Buffer.concat(chunks).toString());
    await next();
  });
  app.use(
    requireTokenInKoa<Koa.ParameterizedContext>(
      verifier,
      (ctx) => requirementsOf(ctx.state['sent']),
      options,
    ),
  );
  app.use((ctx) => {
    ctx.body = { sub: ctx.state['token'].sub, moved: ctx.state['sent'].amount };
  });
  return listen(createServer(app.callback()));
};

const startExpress: StartApp = (verifier, options) => {
  const app = express();
  const gate = requireTokenInExpress<express.Request>(verifier, ({ body }) => requirementsOf(body), options);
  app.post('/transfers', express.json(), gate, (request, response) => {
    response.json({ sub: gate.tokenOf(request).sub, moved: request.body.amount });
  });
  app.set('env', 'test');
  return listen(createServer(app));
};

const startFastify: StartApp = async (verifier, options) => {
  const app = fastify({ forceCloseConnections: true });
  const gate = requireTokenInFastify<{ body: unknown; headers: object }>(
    verifier,
    ({ body }) => requirementsOf(body),
    options,
  );
  app.post<{ Body: { amount: string } }>('/transfers', { preHandler: gate }, async (request) => ({
    sub: gate.tokenOf(request).sub,
    moved: request.body.amount,
  }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `${url}/transfers`, [Symbol.asyncDispose]: () => app.close() };
};

const startHono: StartApp = (verifier, options) => {
  const app = new Hono();
  const move = requireTokenInFetch(
    verifier,
    async (request) => requirementsOf(await request.clone().json()),
    async (request, token) => {
      const { amount } = (await request.json()) as { amount: string };
      return Response.json({ sub: token.sub, moved: amount });
    },
    options,
  );
  app.post('/transfers', (c) => move(c.req.raw));
  app.onError((error, c) => c.text(error.message, 'status' in error && error.status === 400 ? 400 : 500));
  return listen(createServer(getRequestListener(app.fetch)));
};

export const guardedApps: ReadonlyArray<readonly [framework: string, start: StartApp]> = [
  ['Koa', startKoa],
  ['Express', startExpress],
  ['Fastify', startFastify],
  ['Fetch, in Hono', startHono],
];
