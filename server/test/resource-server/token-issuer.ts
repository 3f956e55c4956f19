// An issuer of access tokens with a key set on a real socket, which can be made to fail.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Claims to change; undefined leaves one out. */
type Changes = Readonly<Record<string, unknown>>;

export interface TokenIssuer extends AsyncDisposable {
  readonly issuer: string;
  /** While false, the key set answers 500. */
  hasKeys: boolean;
  /** An access token of the default dialect. */
  sign(claims?: Changes): Promise<string>;
  /** The same approval as RFC 9068 has it. */
  signRfc9068(claims?: Changes): Promise<string>;
  /** A JWT of the same person that is no access token. */
  signIdToken(): Promise<string>;
}

/** @param audience of the tokens */
export async function startTokenIssuer(audience: string, approved: JWTPayload): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.writeHead(running.hasKeys ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const signAs = (typ: string, claims: Changes): Promise<string> => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const standard = { iss: issuer, sub: 'auth0|ada', aud: audience, iat: nowSeconds, exp: nowSeconds + 60 };
    return new SignJWT({ ...standard, ...approved, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ, kid: 'k1' })
      .sign(privateKey);
  };
  const running: TokenIssuer = {
    issuer,
    hasKeys: true,
    sign: (claims) => signAs('JWT', { azp: 'aiya', ...claims }),
    signRfc9068: (claims) => signAs('at+jwt', { client_id: 'aiya', jti: crypto.randomUUID(), ...claims }),
    signIdToken: () => signAs('JWT', { aud: 'aiya', scope: undefined, authorization_details: undefined }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}
