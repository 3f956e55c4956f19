// Who and what the tenant knows: clients, APIs, grants, people, roles. Reads the current configuration at every call, so
// that a change is seen at once.
import type {
  ClientConfig,
  ClientGrantConfig,
  ResourceServerConfig,
  TenantConfig,
  UserConfig,
} from '../contract/index.ts';
import { MANAGEMENT_API } from '../contract/index.ts';
import type { Configuration } from './configuration.ts';
import { managementApi } from './management-api.ts';

/** Lookups over one configuration. */
interface Index {
  readonly config: TenantConfig;
  readonly clients: ReadonlyMap<string, ClientConfig>;
  readonly resourceServers: ReadonlyMap<string, ResourceServerConfig>;
  readonly users: ReadonlyMap<string, UserConfig>;
  readonly usersByEmail: ReadonlyMap<string, UserConfig>;
}

export class Directory {
  readonly #configuration: Configuration;
  readonly #managementApi: ResourceServerConfig;
  #indexed: Index | undefined;

  /** @param issuer with a slash at the end */
  constructor(configuration: Configuration, issuer: string) {
    this.#configuration = configuration;
    this.#managementApi = managementApi(issuer);
  }

  clients(): readonly ClientConfig[] {
    return this.#index.config.clients;
  }

  client(clientId: string): ClientConfig | undefined {
    return this.#index.clients.get(clientId);
  }

  /** Those of the tenant, without its own Management API. */
  resourceServers(): readonly ResourceServerConfig[] {
    return this.#index.config.resource_servers;
  }

  /** Also finds the tenant's own Management API. */
  resourceServer(identifier: string): ResourceServerConfig | undefined {
    if (identifier === this.#managementApi.identifier) return this.#managementApi;
    return this.#index.resourceServers.get(identifier);
  }

  /** With the scopes that it comes to, also where it is for all of them. */
  clientGrant(
    clientId: string,
    audience: string,
    subjectType: ClientGrantConfig['subject_type'],
  ): ClientGrantConfig | undefined {
    const grant = this.#index.config.client_grants.find(
      (one) =>
        one.client_id === clientId && this.audienceOf(one) === audience && one.subject_type === subjectType,
    );
    if (!grant?.allow_all_scopes) return grant;
    return { ...grant, scope: this.resourceServer(audience)?.scopes.map(({ value }) => value) ?? [] };
  }

  /** The API that a client grant is for: its identifier, also where the grant has the placeholder. */
  audienceOf(grant: Pick<ClientGrantConfig, 'audience'>): string {
    return grant.audience === MANAGEMENT_API ? this.#managementApi.identifier : grant.audience;
  }

  users(): readonly UserConfig[] {
    return this.#index.config.users;
  }

  user(userId: string): UserConfig | undefined {
    return this.#index.users.get(userId);
  }

  /** E-mail addresses are compared without regard to case. */
  userByEmail(email: string): UserConfig | undefined {
    return this.#index.usersByEmail.get(normalizeEmail(email));
  }

  /** False if the id or the e-mail address is taken. */
  addUser(user: UserConfig): Promise<boolean> {
    return this.#configuration.change((draft) => {
      const isTaken = draft.users.some(
        (one) =>
          one.user_id === user.user_id ||
          (user.email !== undefined &&
            one.email !== undefined &&
            normalizeEmail(one.email) === normalizeEmail(user.email)),
      );
      if (!isTaken) draft.users.push(user);
      return !isTaken;
    });
  }

  /** All permissions a person holds at an API, directly and through roles, without duplicates. */
  permissions(userId: string, audience: string): string[] {
    const user = this.user(userId);
    if (!user) return [];
    const sources = [
      ...user.permissions,
      ...this.#index.config.roles
        .filter((role) => user.roles.includes(role.name))
        .flatMap((role) => role.permissions),
    ];
    return [
      ...new Set(sources.filter((source) => source.audience === audience).flatMap((source) => source.scopes)),
    ];
  }

  get #index(): Index {
    const config = this.#configuration.current;
    if (this.#indexed?.config !== config) this.#indexed = makeIndex(config);
    return this.#indexed;
  }
}

function makeIndex(config: TenantConfig): Index {
  return {
    config,
    clients: new Map(config.clients.map((client) => [client.client_id, client])),
    resourceServers: new Map(config.resource_servers.map((api) => [api.identifier, api])),
    users: new Map(config.users.map((user) => [user.user_id, user])),
    usersByEmail: new Map(
      config.users.flatMap((user) =>
        user.email === undefined ? [] : [[normalizeEmail(user.email), user] as const],
      ),
    ),
  };
}

function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}
