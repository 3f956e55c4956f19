// The login session of a browser, where no request of the provider is under way: read, started and ended by pages of our
// own. It is the provider's own session, so a login here is good for /authorize too, and the other way round.
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';

export interface BrowserSession {
  accountId: string;
  /** Stays the same as long as the session does. Known to nobody but this server. */
  uid: string;
}

/** Undefined when nobody is logged in, or somebody who has been deleted or blocked since. */
export async function readSession(
  provider: Provider,
  { directory }: Tenant,
  ctx: Context,
): Promise<BrowserSession | undefined> {
  const { accountId, uid } = await provider.Session.get(ctx);
  const user = accountId === undefined ? undefined : directory.user(accountId);
  return user === undefined || user.blocked ? undefined : { accountId: user.user_id, uid };
}

/** Logs somebody in. Whoever else was logged in before is logged out. */
export async function startSession(
  provider: Provider,
  ctx: Context,
  login: { accountId: string; loginTs: number; lifetimeSeconds: number },
): Promise<void> {
  const { accountId, loginTs, lifetimeSeconds } = login;
  const found = await provider.Session.get(ctx);
  const isOther = found.accountId !== undefined && found.accountId !== accountId;
  if (isOther) await found.destroy();
  const session = isOther ? new provider.Session() : found;
  // A new identifier for every login: OWASP Session Management, renew the session id after authentication.
  session.resetIdentifier();
  session.loginAccount({ accountId, loginTs });
  await session.save(lifetimeSeconds);
  provider.createContext(ctx.req, ctx.res).cookies.set(provider.cookieName('session'), session.jti, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    expires: new Date(session.exp * 1000),
  });
}

/** Gives who was logged in. */
export async function endSession(provider: Provider, ctx: Context): Promise<string | undefined> {
  const session = await provider.Session.get(ctx);
  const { accountId } = session;
  if (accountId !== undefined) await session.destroy();
  const { cookies } = provider.createContext(ctx.req, ctx.res);
  cookies.set(provider.cookieName('session'), null, { httpOnly: true, sameSite: 'lax' });
  return accountId;
}
