// Who and what the tenant knows: clients, APIs, grants, people, roles. Seeded from the tenant file; people may sign up.
import type {
  ClientConfig,
  ClientGrantConfig,
  ResourceServerConfig,
  TenantConfig,
  UserConfig,
} from '../contract/index.ts';

export class Directory {
  readonly #clients: Map<string, ClientConfig>;
  readonly #resourceServers: Map<string, ResourceServerConfig>;
  readonly #clientGrants: ClientGrantConfig[];
  readonly #users: Map<string, UserConfig>;
  readonly #roles: TenantConfig['roles'];

  constructor(config: TenantConfig) {
    this.#clients = new Map(config.clients.map((client) => [client.client_id, client]));
    this.#resourceServers = new Map(config.resource_servers.map((api) => [api.identifier, api]));
    this.#clientGrants = [...config.client_grants];
    this.#users = new Map(config.users.map((user) => [user.user_id, user]));
    this.#roles = config.roles;
  }

  clients(): ClientConfig[] {
    return [...this.#clients.values()];
  }

  client(clientId: string): ClientConfig | undefined {
    return this.#clients.get(clientId);
  }

  resourceServers(): ResourceServerConfig[] {
    return [...this.#resourceServers.values()];
  }

  resourceServer(identifier: string): ResourceServerConfig | undefined {
    return this.#resourceServers.get(identifier);
  }

  clientGrant(
    clientId: string,
    audience: string,
    subjectType: ClientGrantConfig['subject_type'],
  ): ClientGrantConfig | undefined {
    return this.#clientGrants.find(
      (grant) =>
        grant.client_id === clientId && grant.audience === audience && grant.subject_type === subjectType,
    );
  }

  users(): UserConfig[] {
    return [...this.#users.values()];
  }

  user(userId: string): UserConfig | undefined {
    return this.#users.get(userId);
  }

  /** E-mail addresses are compared without regard to case. */
  userByEmail(email: string): UserConfig | undefined {
    const wanted = email.trim().toLowerCase();
    return this.users().find((user) => user.email?.toLowerCase() === wanted);
  }

  /** False if the id or the e-mail address is taken. */
  addUser(user: UserConfig): boolean {
    if (this.#users.has(user.user_id)) return false;
    if (user.email !== undefined && this.userByEmail(user.email)) return false;
    this.#users.set(user.user_id, user);
    return true;
  }

  /** All permissions a person holds at an API, directly and through roles, without duplicates. */
  permissions(userId: string, audience: string): string[] {
    const user = this.user(userId);
    if (!user) return [];
    const sources = [
      ...user.permissions,
      ...this.#roles.filter((role) => user.roles.includes(role.name)).flatMap((role) => role.permissions),
    ];
    return [
      ...new Set(sources.filter((source) => source.audience === audience).flatMap((source) => source.scopes)),
    ];
  }
}
