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

export async function isRegistered(tenant: Pick<Tenant, 'store'>, clientId: string): Promise<boolean> {
  return (await registrationsOf(tenant).get(clientId)) !== undefined;
}
