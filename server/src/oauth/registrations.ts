// Which clients have registered themselves, and who may change them.
import type { Collection } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';

/** Kept by client_id. The token itself is with whoever registered. */
export interface Registration {
  tokenHash: string;
  issuedAtSeconds: number;
}

export function registrationsOf({ store }: Pick<Tenant, 'store'>): Collection<Registration> {
  return store.collection('client-registrations');
}

export async function isRegistered(tenant: Pick<Tenant, 'store'>, clientId: string): Promise<boolean> {
  return (await registrationsOf(tenant).get(clientId)) !== undefined;
}
