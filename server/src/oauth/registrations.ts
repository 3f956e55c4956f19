// Which clients have registered themselves, and who may change them.
import type { Collection, Versioned } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';

/** Kept by client_id. The token itself is with whoever registered. */
export interface Registration {
  tokenHash: string;
  issuedAtSeconds: number;
}

export function registrationsOf({ store }: Pick<Tenant, 'store'>): Collection<Registration> {
  return store.collection('client-registrations');
}

/** Those whose client is still there. What is known of clients that somebody else took away is let go. */
export async function livingRegistrations(
  tenant: Pick<Tenant, 'store' | 'directory'>,
): Promise<Array<Versioned<Registration> & { id: string }>> {
  const registrations = registrationsOf(tenant);
  const all = await registrations.list();
  const isGone = ({ id }: { id: string }): boolean => tenant.directory.client(id) === undefined;
  for (const { id } of all.filter(isGone)) await registrations.remove(id);
  return all.filter((one) => !isGone(one));
}

/** How long it is remembered that a client had registered itself: longer than a request of it may still be on its way. */
const REMEMBERED_MS = 60_000;

/** Called before it is gone from anywhere else: nobody may take what it still does for a client that the tenant has chosen. */
export async function rememberRegistered(
  { store, clock }: Pick<Tenant, 'store' | 'clock'>,
  clientId: string,
): Promise<void> {
  await endedOf({ store }).insert(clientId, {}, { expiresAt: clock.now() + REMEMBERED_MS });
}

/** Also of a client that has removed itself a moment ago. */
export async function isRegistered(tenant: Pick<Tenant, 'store'>, clientId: string): Promise<boolean> {
  const isLiving = (await registrationsOf(tenant).get(clientId)) !== undefined;
  return isLiving || (await endedOf(tenant).get(clientId)) !== undefined;
}

function endedOf({ store }: Pick<Tenant, 'store'>): Collection<object> {
  return store.collection('ended-client-registrations');
}
