// A client that signs what it sends: its authentication requests and its assertions. Tests change single claims of what would
// be accepted. Written with jose alone, without code of the server.
import { randomUUID } from 'node:crypto';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { ADA } from '../world.ts';

export type ClientInput = NonNullable<TenantConfigInput['clients']>[number];
/** Claims to change; undefined leaves one out. */
export type Claims = Readonly<Record<string, unknown>>;

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export class SigningClient {
  readonly clientId: string;
  readonly alg: string;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
  readonly publicKey: JWK & { kty: string; kid: string };

  private constructor(
    clientId: string,
    alg: string,
    privateKey: GenerateKeyPairResult['privateKey'],
    publicKey: JWK & { kty: string; kid: string },
  ) {
    this.clientId = clientId;
    this.alg = alg;
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  static async create(clientId: string, alg: string, kid = `${clientId}-${alg}`): Promise<SigningClient> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(publicKey);
    return new SigningClient(clientId, alg, privateKey, { ...jwk, kty: String(jwk.kty), kid });
  }

  /** As the tenant file has it. */
  config(changes: Partial<ClientInput> = {}): ClientInput {
    return {
      client_id: this.clientId,
      name: this.clientId,
      profile: 'standard',
      grant_types: ['urn:openid:params:grant-type:ciba', 'client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [this.publicKey] },
      ...changes,
    };
  }

  /** Parameters by which it proves itself to `audience`. */
  async assert(audience: unknown, claims: Claims = {}, header: Claims = {}): Promise<Record<string, string>> {
    const now = Math.floor(Date.now() / 1000);
    const assertion = await this.sign(
      {
        iss: this.clientId,
        sub: this.clientId,
        aud: audience,
        iat: now,
        exp: now + 60,
        jti: randomUUID(),
        ...claims,
      },
      header,
    );
    return { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
  }

  /** The JWT of an authentication request to `issuer`, about Ada. */
  request(issuer: string, claims: Claims = {}, header: Claims = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return this.sign(
      {
        iss: this.clientId,
        aud: issuer,
        iat: now,
        nbf: now,
        exp: now + 300,
        jti: randomUUID(),
        scope: 'openid',
        binding_message: 'INSIDE-1',
        login_hint: JSON.stringify({ format: 'iss_sub', iss: issuer, sub: ADA }),
        ...claims,
      },
      header,
    );
  }

  /** Signs with its key, whatever the header says. */
  sign(claims: Claims, header: Claims = {}): Promise<string> {
    const { alg = this.alg, kid = this.publicKey.kid, ...others } = header;
    const said = Object.fromEntries(
      Object.entries({ ...others, alg: String(alg), kid }).filter(([, value]) => value !== undefined),
    );
    return new SignJWT(withoutUndefined(claims))
      .setProtectedHeader({ ...said, alg: String(alg) })
      .sign(this.privateKey);
  }
}

/** A JWT with that header and those claims and anything for a signature. */
export function assembleJwt(header: Claims, claims: Claims, signature = ''): string {
  const encode = (part: Claims): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(header)}.${encode(claims)}.${signature}`;
}

function withoutUndefined(claims: Claims): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
