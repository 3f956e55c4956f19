// Which browser has opened a pushed request. Its `request_uri` is good once (RFC 9126 §4): whoever sees it in an address cannot have
// somebody else log in by it, and the same browser may load the page again. The provider spends it when the login is over.
import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Collection } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';
import { isOwnAttempt } from './login-attempts.ts';

interface Opened {
  /** The newest login of that browser. */
  uid: string;
}

/** Longer than a pushed request is good. */
const KEPT_MS = 600_000;

export class OpenedRequests {
  readonly #tenant: Tenant;
  readonly #opened: Collection<Opened>;
  readonly #cookieName: string;

  /** @param cookieName of the logins that a browser has begun */
  constructor(tenant: Tenant, cookieName: string) {
    this.#tenant = tenant;
    this.#opened = tenant.store.collection('opened-requests');
    this.#cookieName = cookieName;
  }

  /** Whether another browser than the one that asks has begun a login by this pushed request. */
  async isTaken(id: string): Promise<boolean> {
    const { ctx } = Provider;
    if (ctx?.oidc.route !== 'authorization') return false;
    const found = await this.#opened.get(id);
    return found !== undefined && !isOwnAttempt(ctx.cookies, this.#cookieName, found.value.uid);
  }

  /**
   * A login begins, maybe by a pushed request.
   *
   * @throws InvalidRequestUri where another browser was quicker
   */
  async take(ctx: KoaContextWithOIDC, uid: string): Promise<void> {
    const id = ctx.oidc.entities.PushedAuthorizationRequest?.jti;
    if (id === undefined) return;
    const found = await this.#opened.get(id);
    const options = { expiresAt: this.#tenant.clock.now() + KEPT_MS };
    const isWritten = found
      ? await this.#opened.replace(id, found.version, { uid }, options)
      : await this.#opened.insert(id, { uid }, options);
    if (!isWritten) throw new errors.InvalidRequestUri('request_uri was already used');
  }
}
