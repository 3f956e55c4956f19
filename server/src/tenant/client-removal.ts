// Takes a client out of a configuration, with everything that names it.
import type { ConfigurationDraft } from './configuration.ts';

export function removeClient(draft: ConfigurationDraft, clientId: string): void {
  draft.clients = draft.clients.filter((client) => client.client_id !== clientId);
  draft.client_grants = draft.client_grants.filter((grant) => grant.client_id !== clientId);
  for (const connection of draft.connections) {
    if (connection.enabled_clients === undefined) continue;
    connection.enabled_clients = connection.enabled_clients.filter((enabled) => enabled !== clientId);
  }
}
