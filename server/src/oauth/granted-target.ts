// `resource` in a token request: the API that was granted, or nothing else. Judged before a code, a refresh token or an approved
// request is spent, so that whoever asked for another one can still have this one. The provider is not shown the parameter:
// its names of APIs are others. RFC 8707 §2.2.
import type { IncomingMessage } from 'node:http';
import { Provider } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';
import { invalidTarget } from './access-rules.ts';
import { fromResource } from './audience.ts';
import type { RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';

export class GrantedTarget {
  readonly #tenant: Tenant;
  readonly #parametersOf: (request: IncomingMessage) => RequestParameters;

  /** @param parametersOf what a request really asked; the provider has been shown less */
  constructor(tenant: Tenant, parametersOf: (request: IncomingMessage) => RequestParameters) {
    this.#tenant = tenant;
    this.#parametersOf = parametersOf;
  }

  /**
   * @param granted the API as our approval or as a document of the provider has it; none where the token is for /userinfo alone
   * @throws Refusal where the token request that is being answered names another one
   */
  check(granted: unknown): void {
    const { ctx } = Provider;
    if (ctx?.oidc.route !== 'token') return;
    const asked = [this.#parametersOf(ctx.req)['resource'] ?? []].flat();
    const client = this.#tenant.directory.client(ctx.oidc.client?.clientId ?? '');
    if (asked.length === 0 || !rulesOf(this.#tenant, client).holdsToTarget) return;
    const [named] = [granted].flat();
    const audience =
      typeof named === 'string' ? fromResource(named) : new URL('userinfo', this.#tenant.issuer).href;
    const other = asked.find((resource) => resource !== audience);
    if (other === undefined) return;
    throw invalidTarget(`the token is for "${audience}", but resource names "${other}"`);
  }
}
