// An API of the lab behind the gate that the package publishes for resource servers, on a socket of its own: one route that
// needs the scope `payments`. The gate is judged here as the rest is: by what it answers.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createTokenVerifier, requireTokenInFetch } from 'assent/resource-server';
import { type Answer, Exchange } from '../client/exchange.ts';
import type { Lab } from './lab.ts';
import { PAYMENTS_API } from './people.ts';

export interface Resource extends AsyncDisposable {
  readonly url: string;
  call(headers: Readonly<Record<string, string>>, query?: string): Promise<Answer>;
}

export async function openResource(lab: Lab): Promise<Resource> {
  const verifier = createTokenVerifier({
    issuer: lab.provider.issuer,
    audience: PAYMENTS_API,
    ca: lab.ca,
    clock: { now: () => lab.now() },
  });
  const answer = requireTokenInFetch(verifier, { scope: 'payments' }, () => Response.json({ paid: true }), {
    interactionId: true,
  });
  const server = createServer(async (request, response) => {
    const given = await answer(toRequest(request));
    response.writeHead(given.status, Object.fromEntries(given.headers)).end(await given.text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the resource does not listen');
  const url = `http://localhost:${address.port}/payments`;
  const exchange = new Exchange(undefined);
  return {
    url,
    call: (headers, query = '') => exchange.send(`${url}${query}`, { headers }),
    async [Symbol.asyncDispose]() {
      await exchange[Symbol.asyncDispose]();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

function toRequest(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const { method = 'GET', url = '/' } = request;
  return new Request(new URL(url, `http://${request.headers.host}`), { method, headers });
}
