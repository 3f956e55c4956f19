// ID tokens in the tenant's time. The provider dates them by the computer's clock as it signs, and asks nobody; so its class
// is extended, for this provider alone; and says there how somebody was authenticated, where their client is told. Access tokens
// have a hook of their own: token-shape.
import type { Provider } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';
import { rulesOf } from './profiles.ts';
import { providerNowSeconds, shiftClaims } from './provider-time.ts';

/** auth0: ID token lifetime, ten hours. */
const DEFAULT_LIFETIME_SECONDS = 36_000;

export function idTokenLifetimeSeconds({ directory }: Tenant, clientId: string): number {
  return directory.client(clientId)?.jwt_configuration.lifetime_in_seconds ?? DEFAULT_LIFETIME_SECONDS;
}

/** From now on `provider` dates its ID tokens by the tenant's clock. */
export function dateIdTokens(provider: Provider, tenant: Tenant): void {
  // The provider looks its settings up by the name of the class.
  class IdToken extends provider.IdToken {
    /** `auth_time` is the computer's here, and a given `iat` is signed as it is. */
    override async payload(): Promise<Record<string, unknown>> {
      const payload = this.#withAuthentication(await super.payload());
      const leadSeconds = tenant.clock.leadSeconds();
      if (leadSeconds === 0) return payload;
      const dated = { iat: providerNowSeconds(), ...payload };
      shiftClaims(dated, leadSeconds);
      return dated;
    }

    /** The provider leaves `acr` and `auth_time` out unless they were asked for, and `amr` always. */
    #withAuthentication(payload: Record<string, unknown>): Record<string, unknown> {
      const { acr, amr, auth_time: authTime } = this.available;
      if (!rulesOf(tenant, tenant.directory.client(this.client.clientId)).tellsAuthentication) return payload;
      const told = { acr, amr, auth_time: authTime };
      return {
        ...payload,
        ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
      };
    }

    override issue(wish: Parameters<InstanceType<Provider['IdToken']>['issue']>[0]): Promise<string> {
      const leadSeconds = tenant.clock.leadSeconds();
      if (leadSeconds === 0) return super.issue(wish);
      const lifetimeSeconds = idTokenLifetimeSeconds(tenant, this.client.clientId);
      return super.issue({ ...wish, expiresAt: providerNowSeconds() + lifetimeSeconds + leadSeconds });
    }
  }
  Object.defineProperty(provider, 'IdToken', { value: IdToken });
}
