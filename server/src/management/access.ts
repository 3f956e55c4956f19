// Who may call: whoever has an access token of this tenant for its Management API, with the scope that the route names.
// auth0: Management API access tokens. RFC 6750 §2.1, RFC 9068 §4.
import { createLocalJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { MANAGEMENT_API } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { insufficientScope, ManagementError } from './management-error.ts';

export interface Caller {
  /** Of the client that the token was issued to. */
  clientId: string;
  scopes: ReadonlySet<string>;
}

export class ManagementAccess {
  readonly #tenant: Tenant;
  readonly #keys: JWTVerifyGetKey;
  readonly #audience: string;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    // Those of now: they may be rotated.
    this.#keys = (header, token) => createLocalJWKSet({ keys: [...tenant.keys.public] })(header, token);
    this.#audience = MANAGEMENT_API.replace('{issuer}', tenant.issuer);
  }

  /**
   * @param authorization the header
   * @throws ManagementError 401 without a good token
   */
  async readCaller(authorization: string): Promise<Caller> {
    const [scheme = '', token = ''] = authorization.split(' ');
    if (authorization === '') throw unauthorized('Missing authentication');
    if (scheme.toLowerCase() !== 'bearer' || token === '') {
      throw unauthorized('Bad HTTP authentication header format');
    }
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer: this.#tenant.issuer,
        audience: this.#audience,
        algorithms: ['RS256', 'PS256'],
        requiredClaims: ['exp'],
        currentDate: new Date(this.#tenant.clock.now()),
      });
      const scope = typeof payload['scope'] === 'string' ? payload['scope'] : '';
      const clientId = payload['azp'] ?? payload['client_id'];
      return {
        clientId: typeof clientId === 'string' ? clientId : '',
        scopes: new Set(scope.split(' ').filter((one) => one !== '')),
      };
    } catch (error) {
      throw unauthorized(this.#explain(error));
    }
  }

  /** @throws ManagementError 403 `insufficient_scope` */
  requireScope(caller: Caller, wanted: readonly string[]): void {
    if (wanted.length === 0 || wanted.some((scope) => caller.scopes.has(scope))) return;
    throw insufficientScope(wanted);
  }

  #explain(error: unknown): string {
    if (error instanceof errors.JWTExpired) return 'Expired token received for JSON Web Token validation';
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
      return `Bad audience: expected a token for ${this.#audience}`;
    }
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss') {
      return `Bad issuer: expected a token of ${this.#tenant.issuer}`;
    }
    if (error instanceof errors.JOSEError) return 'Invalid token';
    throw error;
  }
}

function unauthorized(message: string): ManagementError {
  return new ManagementError(401, 'invalid_token', message);
}
