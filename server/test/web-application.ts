// A web application as customers write them, on openid-client: sends the browser to log in, redeems the code. Says no to
// whatever the specifications forbid.
import * as client from 'openid-client';
import type { RunningAssent } from '../src/index.ts';
import { Browser, type Visit } from './browser.ts';

export const CALLBACK = 'http://localhost:3000/auth/callback';

/** Where a login begins that nothing protects but what every client has to send. */
export function addressOfLogin(url: string): URL {
  const address = new URL('/authorize', url);
  address.search = new URLSearchParams({
    client_id: 'aiya',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid offline_access',
  }).toString();
  return address;
}

export type Tokens = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;

export interface Login {
  url: URL;
  verifier: string;
  state: string;
  /** Only with openid: there is no ID token that would carry it otherwise. */
  nonce: string | undefined;
}

export class WebApplication {
  readonly configuration: client.Configuration;

  private constructor(configuration: client.Configuration) {
    this.configuration = configuration;
  }

  static async of(
    assent: RunningAssent,
    {
      id = 'aiya',
      auth = client.ClientSecretPost('aiya-secret-not-real'),
    }: { id?: string; auth?: client.ClientAuth } = {},
  ): Promise<WebApplication> {
    const configuration = await client.discovery(new URL(assent.url), id, {}, auth, {
      // Plain http on loopback.
      execute: [client.allowInsecureRequests],
    });
    return new WebApplication(configuration);
  }

  /** The address to send the browser to. */
  async begin(parameters: Readonly<Record<string, string>> = {}): Promise<Login> {
    const { request, ...secrets } = await this.prepare(parameters);
    return { ...secrets, url: client.buildAuthorizationUrl(this.configuration, request) };
  }

  /** As `begin`, with the parameters pushed. RFC 9126. */
  async push(parameters: Readonly<Record<string, string>> = {}): Promise<Login> {
    const { request, ...secrets } = await this.prepare(parameters);
    return { ...secrets, url: await client.buildAuthorizationUrlWithPAR(this.configuration, request) };
  }

  /** Redeems the code of the callback. */
  finish(login: Login, callback: URL): Promise<Tokens> {
    return client.authorizationCodeGrant(this.configuration, callback, {
      pkceCodeVerifier: login.verifier,
      expectedState: login.state,
      ...(login.nonce === undefined ? {} : { expectedNonce: login.nonce }),
    });
  }

  /** The whole way: send the browser, let `act` do what the person does, redeem. */
  async logIn(
    parameters: Readonly<Record<string, string>> = {},
    browser = new Browser(),
    act: (page: Visit) => Promise<Visit> = (page) => page.press('Ada Lovelace'),
  ): Promise<Tokens> {
    const login = await this.begin(parameters);
    const arrived = await browser.open(login.url);
    const back = arrived.url.href.startsWith(CALLBACK) ? arrived : await act(arrived);
    return this.finish(login, back.url);
  }

  private async prepare(parameters: Readonly<Record<string, string>>) {
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const { scope = 'openid profile email' } = parameters;
    const nonce = scope.includes('openid') ? client.randomNonce() : undefined;
    const request: Record<string, string> = {
      redirect_uri: CALLBACK,
      scope,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      ...(nonce === undefined ? {} : { nonce }),
      ...parameters,
    };
    return { request, verifier, state, nonce };
  }
}
