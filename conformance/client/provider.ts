// The server under test as its discovery document describes it. Nothing else about it is known to the client code.
import {
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { type Answer, Exchange } from './exchange.ts';

/** OpenID Connect Discovery 1.0 §3, RFC 8414 §2; read as it came. */
export type Metadata = Readonly<Record<string, unknown>>;

export interface ProviderOptions {
  issuer: string;
  /** PEM of the authority to trust. */
  ca?: string | undefined;
  /** The server's time, in milliseconds. */
  now?: () => number;
}

export interface VerifiedToken {
  header: JWTHeaderParameters;
  claims: JWTPayload & Readonly<Record<string, unknown>>;
}

export class Provider implements AsyncDisposable {
  readonly issuer: string;
  readonly ca: string | undefined;
  readonly metadata: Metadata;
  readonly exchange: Exchange;
  readonly now: () => number;

  private constructor(options: ProviderOptions, exchange: Exchange, metadata: Metadata) {
    this.issuer = String(metadata['issuer']);
    this.ca = options.ca;
    this.now = options.now ?? Date.now;
    this.exchange = exchange;
    this.metadata = metadata;
  }

  static async discover(options: ProviderOptions): Promise<Provider> {
    const exchange = new Exchange(options.ca);
    const answer = await exchange.send(wellKnown(options.issuer, 'openid-configuration'));
    if (answer.status !== 200) throw new Error(`discovery was answered ${answer.status}: ${answer.text}`);
    return new Provider(options, exchange, answer.json());
  }

  /** The address of an endpoint by its name in the metadata, such as `token_endpoint`. */
  endpoint(name: string, { mtls = false }: { mtls?: boolean } = {}): string {
    const aliases = this.metadata['mtls_endpoint_aliases'] as Metadata | undefined;
    const url = (mtls ? aliases?.[name] : undefined) ?? this.metadata[name];
    if (typeof url !== 'string') throw new Error(`the metadata names no ${name}`);
    return url;
  }

  /** A member of the metadata that lists texts; empty where it is left out. */
  list(name: string): readonly string[] {
    const value = this.metadata[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  async keySet(): Promise<JSONWebKeySet> {
    return (await this.exchange.send(this.endpoint('jwks_uri'))).json();
  }

  /** Signature by a published key, by its `kid`; time and claims are for the tests. */
  async verify(token: string): Promise<VerifiedToken> {
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(await this.keySet()), {
      currentDate: new Date(this.now()),
      clockTolerance: 10,
    });
    return { header: protectedHeader, claims: payload };
  }

  userinfo(token: string, scheme = 'Bearer'): Promise<Answer> {
    return this.exchange.send(this.endpoint('userinfo_endpoint'), {
      headers: { authorization: `${scheme} ${token}` },
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.exchange[Symbol.asyncDispose]();
  }
}

/** OpenID Connect Discovery 1.0 §4.1: behind the path of the issuer. */
export function wellKnown(issuer: string, name: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/${name}`;
}
