// A web application on Node's own server and unmodified `@auth0/auth0-server-js`: session in encrypted cookies, log in, log
// out, and a transfer that has to be approved.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import {
  type CookieHandler,
  type CookieSerializeOptions,
  CookieTransactionStore,
  ServerClient,
  StatelessStateStore,
} from '@auth0/auth0-server-js';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ServerJsSettings {
  readonly port: number;
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
  readonly scope: string;
}

interface ServerJsApplication extends AsyncDisposable {
  readonly url: string;
}

/** Cookies of one request and its answer, as the SDK wants them. */
const cookies: CookieHandler<Exchange> = {
  setCookie: (name, value, options, exchange) => appendCookie(name, value, options, exchange),
  deleteCookie: (name, exchange, options) => appendCookie(name, '', { ...options, maxAge: 0 }, exchange),
  getCookie: (name, exchange) => readCookies(exchange)[name],
  getCookies: (exchange) => readCookies(exchange),
};

function readCookies(exchange: Exchange | undefined): Record<string, string> {
  const pairs = (exchange?.request.headers.cookie ?? '').split('; ').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, decodeURIComponent(value.join('='))];
    }),
  );
}

function appendCookie(
  name: string,
  value: string,
  { maxAge }: CookieSerializeOptions = {},
  exchange: Exchange | undefined,
): void {
  const lifetime = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  // Without Secure: the application is on plain http at localhost.
  exchange?.response.appendHeader(
    'Set-Cookie',
    `${name}=${encodeURIComponent(value)}; Path=/; HttpOnly; SameSite=Lax${lifetime}`,
  );
}

export async function startServerJsApplication(settings: ServerJsSettings): Promise<ServerJsApplication> {
  const { port, domain, clientId, clientSecret, audience, scope } = settings;
  const url = `http://localhost:${port}`;
  const secret = '0'.repeat(64);
  const auth0 = new ServerClient<Exchange>({
    domain,
    clientId,
    clientSecret,
    authorizationParams: { redirect_uri: `${url}/callback`, audience, scope },
    transactionStore: new CookieTransactionStore({ secret }, cookies),
    stateStore: new StatelessStateStore({ secret, cookie: { secure: false } }, cookies),
  });

  const answer = async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange;
    const redirect = (to: URL | string) => response.writeHead(302, { Location: String(to) }).end();
    const show = (body: unknown) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    switch (request.url?.replace(/\?.*/, '')) {
      case '/login':
        return void redirect(await auth0.startInteractiveLogin({}, exchange));
      case '/callback':
        await auth0.completeInteractiveLogin(new URL(request.url, url), exchange);
        return void redirect('/session');
      case '/logout':
        return void redirect(await auth0.logout({ returnTo: url }, exchange));
      case '/session':
        return void show((await auth0.getSession(exchange)) ?? {});
      case '/transfer': {
        const asked = await json(request);
        const { authorizationDetails } = await auth0.loginBackchannel(
          {
            bindingMessage: 'Order 4711',
            loginHint: { sub: Object(asked).userId },
            authorizationParams: { authorization_details: JSON.stringify(Object(asked).details) },
          },
          exchange,
        );
        return void show({ authorizationDetails });
      }
      default:
        return void show({});
    }
  };

  const server = createServer((request, response) => {
    answer({ request, response }).catch((error: unknown) =>
      response
        .writeHead(403, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ code: Object(error).code, cause: Object(error).cause })),
    );
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  return {
    url,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
