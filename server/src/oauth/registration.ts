// Dynamic client registration (RFC 7591) and its management (RFC 7592) at /oidc/register, where the tenant has turned it on.
// The provider has an endpoint of its own, but it knows neither push nor our configuration, which is the one truth about
// clients: a registered client becomes a part of it, as any other. Kept here is only who may change it.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { errors, type Provider } from 'oidc-provider';
import { type ClientConfig, needsCertificate } from '../contract/index.ts';
import { DEEPEST_LEVEL, isJsonObject, isNestedTooDeeply } from '../json-object.ts';
import { describeCaller } from '../log-caller.ts';
import { Problem } from '../problem.ts';
import { type Collection, Room } from '../store.ts';
import { removeClient, type Tenant } from '../tenant/index.ts';
import { REGISTRATION_PATH } from './auth0-dialect.ts';
import { namesOfDetailTypes } from './detail-types.ts';
import { parseExactJson } from './exact-json.ts';
import { readBody } from './parameters.ts';
import { toProviderClient } from './provider-client.ts';
import { invalidRequest, Refusal } from './refusal.ts';
import { invalidMetadata, metadataName, toClient, toMetadata } from './registration-metadata.ts';
import {
  livingRegistrations,
  type Registration,
  registrationsOf,
  rememberRegistered,
} from './registrations.ts';

/** Where `registration` is on. */
export const REGISTRATION_PURPOSES: ReadonlyArray<{ method: string; path: string; purpose: string }> = [
  { method: 'POST', path: REGISTRATION_PATH, purpose: 'register a client (registration)' },
  { method: 'GET', path: `${REGISTRATION_PATH}/:client_id`, purpose: 'read a registered client' },
  { method: 'PUT', path: `${REGISTRATION_PATH}/:client_id`, purpose: 'replace a registered client' },
  { method: 'DELETE', path: `${REGISTRATION_PATH}/:client_id`, purpose: 'remove a registered client' },
];

const CLIENT_PATH = new RegExp(`^${REGISTRATION_PATH}/([^/]+)$`);
const CLIENT_ID_LENGTH = 32;
const SECRET_LENGTH = 64;
/** Anybody may register where no initial access token is asked for. */
const MOST_REGISTRATIONS = 1_000;
/** Of one client, with its keys. A thousand of them are still read and checked at each change of the tenant. */
const LONGEST_METADATA = 16_384;

/** RFC 7592 §2.2: what the server alone says. */
const OURS_TO_SAY = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

export class ClientRegistration {
  readonly #tenant: Tenant;
  readonly #provider: () => Provider;
  readonly #registrations: Collection<Registration>;
  readonly #room: Room;

  /** @param provider the current one, which knows what a client needs */
  constructor(tenant: Tenant, provider: () => Provider) {
    this.#tenant = tenant;
    this.#provider = provider;
    this.#registrations = registrationsOf(tenant);
    this.#room = new Room({ list: () => livingRegistrations(tenant) }, tenant.clock, MOST_REGISTRATIONS);
  }

  /** Whether a path is one of these, where registration is on. */
  owns(path: string): boolean {
    const isOn = this.#tenant.config.registration.enabled;
    return isOn && (path === REGISTRATION_PATH || CLIENT_PATH.test(path));
  }

  /** False for other paths and methods, and where registration is off. */
  async answer(ctx: Context): Promise<boolean> {
    if (!this.owns(ctx.path)) return false;
    const [, clientId] = CLIENT_PATH.exec(ctx.path) ?? [];
    const isManagement = clientId !== undefined && ['GET', 'PUT', 'DELETE'].includes(ctx.method);
    const isRegistration = ctx.path === REGISTRATION_PATH && ctx.method === 'POST';
    if (!isManagement && !isRegistration) return false;
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Pragma', 'no-cache');
    try {
      if (isRegistration) await this.#register(ctx);
      else await this.#manage(ctx, clientId ?? '');
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error;
      ctx.status = error.status;
      if (error.status === 401) ctx.set('WWW-Authenticate', `Bearer error="${error.error}"`);
      ctx.body = { error: error.error, error_description: error.error_description };
    }
    return true;
  }

  async #register(ctx: Context): Promise<void> {
    const { initial_access_token: expected } = this.#tenant.config.registration;
    // RFC 7591 §3: the initial access token is a bearer token.
    if (expected !== undefined && !isSame(hashOf(bearerOf(ctx) ?? ''), hashOf(expected))) {
      throw new Refusal(401, 'invalid_token', 'The initial access token is missing or wrong');
    }
    const metadata = await readMetadata(ctx);
    const { ids } = this.#tenant;
    const client = toClient(
      metadata,
      {
        client_id: ids.make('', CLIENT_ID_LENGTH),
        profile: 'standard',
        // Nobody vouches for it.
        is_first_party: false,
      },
      () => ids.make('', SECRET_LENGTH),
    );
    await this.#check(client);
    if (!(await this.#room.take())) {
      throw new Refusal(
        429,
        'too_many_requests',
        `${MOST_REGISTRATIONS} clients have registered; delete some`,
      );
    }
    const token = ids.make('', 43);
    const issuedAtSeconds = Math.floor(this.#tenant.clock.now() / 1000);
    await this.#change(client.client_id, (clients) => {
      clients.push(client);
    });
    await this.#registrations.insert(client.client_id, { tokenHash: hashOf(token), issuedAtSeconds });
    this.#record(ctx, client.client_id, 'Dynamic client registration');
    ctx.status = 201;
    ctx.body = this.#describe(client, token, issuedAtSeconds);
  }

  async #manage(ctx: Context, clientId: string): Promise<void> {
    const token = bearerOf(ctx) ?? '';
    const found = await this.#registrations.get(clientId);
    const client = this.#tenant.directory.client(clientId);
    // RFC 7592 §2.1: one answer for a wrong token and for a client that is not there, whoever took it away.
    if (!found || !client || !isSame(hashOf(token), found.value.tokenHash)) {
      throw new Refusal(401, 'invalid_token', 'The registration access token is not good for this client');
    }
    const { issuedAtSeconds } = found.value;
    switch (ctx.method) {
      case 'GET':
        ctx.body = this.#describe(client, token, issuedAtSeconds);
        return;
      case 'PUT': {
        const updated = await this.#readUpdate(ctx, client);
        await this.#change(clientId, (clients) => {
          const place = clients.findIndex((one) => one.client_id === clientId);
          if (place >= 0) clients[place] = updated;
        });
        this.#record(ctx, clientId, 'Dynamic client update');
        ctx.body = this.#describe(updated, token, issuedAtSeconds);
        return;
      }
      default:
        await rememberRegistered(this.#tenant, clientId);
        await this.#tenant.configuration.change((draft) => removeClient(draft, clientId));
        await this.#registrations.remove(clientId);
        this.#record(ctx, clientId, 'Dynamic client deletion');
        ctx.status = 204;
    }
  }

  /** RFC 7592 §2.2: all metadata of the client, those that are to stay as well. */
  async #readUpdate(ctx: Context, client: ClientConfig): Promise<ClientConfig> {
    const metadata = await readMetadata(ctx);
    const ours = OURS_TO_SAY.find((name) => metadata[name] !== undefined);
    if (ours !== undefined) throw invalidRequest(`${ours} is for the server to say; leave it out`);
    if (metadata['client_id'] !== client.client_id) {
      throw invalidRequest(`client_id must be there and be "${client.client_id}"`);
    }
    const secret = metadata['client_secret'];
    if (secret !== undefined && secret !== client.client_secret) {
      throw invalidRequest('client_secret is not the one of this client; a new one cannot be chosen');
    }
    const updated = toClient(metadata, client, () => this.#tenant.ids.make('', SECRET_LENGTH));
    await this.#check(updated);
    return updated;
  }

  /** What the provider needs of a client. It would refuse every request of one that lacks it. */
  async #check(client: ClientConfig): Promise<void> {
    if (this.#tenant.mtlsUrl === undefined && needsCertificate(client)) {
      throw invalidMetadata(
        'This server asks nobody for a certificate, so it could not be shown one; start it with --mtls-port 0.',
      );
    }
    const types = namesOfDetailTypes(this.#tenant);
    const unknown = client.authorization_details_types?.find((type) => !types.includes(type));
    if (unknown !== undefined) {
      throw invalidMetadata(
        `authorization_details_types: received "${unknown}". Types of this tenant: ${types.join(', ') || 'none'}.`,
      );
    }
    await this.#provider().Client.validate({
      ...toProviderClient(client, [], types),
      client_id: client.client_id,
    });
  }

  /** @throws Refusal with the findings about this client, in the words of its metadata */
  async #change(clientId: string, edit: (clients: ClientConfig[]) => void): Promise<void> {
    try {
      await this.#tenant.configuration.change((draft) => edit(draft.clients));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'config_invalid') throw error;
      const findings = error.findings.map((finding) => {
        const [, path = '', text = ''] = finding.split('  ');
        return { member: metadataName(path.replace(/^clients\[\d+\]\./, '')), text };
      });
      const description = findings.map(({ member, text }) => `${member} ${text}`).join(' ');
      const isRedirect = findings.some(({ member }) => member.startsWith('redirect_uris'));
      throw new Refusal(
        400,
        isRedirect ? 'invalid_redirect_uri' : 'invalid_client_metadata',
        description || `the client ${clientId} cannot be registered`,
      );
    }
  }

  /** RFC 7591 §3.2.1 and RFC 7592 §3. */
  #describe(client: ClientConfig, token: string, issuedAtSeconds: number): Record<string, unknown> {
    const path = `${REGISTRATION_PATH}/${encodeURIComponent(client.client_id)}`;
    return {
      ...toMetadata(client),
      client_id_issued_at: issuedAtSeconds,
      registration_access_token: token,
      registration_client_uri: new URL(path, this.#tenant.issuer).href,
    };
  }

  #record(ctx: Context, clientId: string, description: string): void {
    this.#tenant.tenantLog.append({
      type: 'sapi',
      client_id: clientId,
      description,
      caller: describeCaller(ctx),
    });
  }
}

async function readMetadata(ctx: Context): Promise<Record<string, unknown>> {
  if (!ctx.is('application/json')) {
    throw invalidRequest(
      `The content type "${ctx.get('content-type')}" is not understood; metadata travel as application/json`,
    );
  }
  const text = await readBody(ctx.req);
  try {
    const metadata = parseExactJson(text, (why) => invalidMetadata(`The metadata: ${why}`));
    // RFC 7592 §2.2: null says the same as leaving a member out.
    if (isNestedTooDeeply(metadata)) {
      throw invalidMetadata(`The metadata are nested more than ${DEEPEST_LEVEL} deep`);
    }
    // RFC 7591 §3.2.2. As it is kept: neither the space between members nor the way a character is written counts.
    const { length } = JSON.stringify(metadata);
    if (length > LONGEST_METADATA) {
      throw invalidMetadata(
        `The metadata have ${length} characters of JSON, expected at most ${LONGEST_METADATA}`,
      );
    }
    if (isJsonObject(metadata))
      return Object.fromEntries(Object.entries(metadata).filter(([, v]) => v !== null));
  } catch (error) {
    if (error instanceof Refusal) throw error;
  }
  throw invalidMetadata('The body must be a JSON object whose members are the metadata of the client');
}

function bearerOf(ctx: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(ctx.get('authorization'))?.[1];
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
