// Who comes before the server is there. What it publishes of itself depends on its configuration and its keys alone: once these are
// checked, discovery and the public keys are answered, by the same rules and to the same byte as later on, while the rest is being
// loaded. Everybody else is held until there is a world, and answered by that. decisions/0044-start-and-weight.md.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { TenantConfig } from './contract/index.ts';
import { refuseUnready } from './http/unready.ts';
import { findPublicDocument, type PublicTenant } from './oauth/public-documents.ts';
import type { Ground } from './open-ground.ts';

export interface KnownTenant {
  config: TenantConfig;
  /** With a slash at the end. */
  issuer: string;
  /** Where callers are asked for a certificate; undefined where nobody is. */
  mtlsUrl?: string | undefined;
}

/** How long the first caller is waited for, who is about to ask if there is one. */
const GREETING_MS = 10;

/** Whoever sends a body, or asks whether it may, is answered by what reads bodies. */
const OF_BODIES = ['content-length', 'transfer-encoding', 'expect'];

export class EarlyDoor {
  readonly #world: Promise<{ readonly answer: RequestListener }>;
  readonly #held = new Set<[IncomingMessage, ServerResponse]>();
  readonly #greeted = Promise.withResolvers<void>();
  #answerEarly: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;

  /** @param world to whom everybody is handed; rejects where there will be none */
  constructor(world: Promise<{ readonly answer: RequestListener }>) {
    this.#world = world;
    // Whoever waits for it is told; nobody may.
    world.catch(() => undefined);
  }

  /** For a world that begins with nothing but these: what an earlier one has left may say otherwise. */
  open({ config, issuer, mtlsUrl }: KnownTenant, { clock, keys }: Pick<Ground, 'clock' | 'keys'>): void {
    const directory = { clients: () => config.clients, resourceServers: () => config.resource_servers };
    const tenant: PublicTenant = { config, issuer, mtlsUrl, keys, directory };
    this.#answerEarly = (request, response) => {
      const { method = '', url = '', headers } = request;
      if (!['GET', 'HEAD'].includes(method) || OF_BODIES.some((name) => name in headers)) return false;
      const document = findPublicDocument(tenant, url);
      if (document === undefined) return false;
      writeDocument(response, document, clock.now());
      response.once('finish', this.#greeted.resolve);
      return true;
    };
    for (const caller of this.#held) {
      if (this.#answerEarly(...caller)) this.#held.delete(caller);
    }
  }

  /** Resolves once somebody has been answered, or nobody came. */
  async greet(): Promise<void> {
    await Promise.race([this.#greeted.promise, setTimeout(GREETING_MS)]);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#answerEarly(request, response)) return;
    const caller: [IncomingMessage, ServerResponse] = [request, response];
    this.#held.add(caller);
    this.#world.then(
      ({ answer }) => this.#held.delete(caller) && answer(request, response),
      () => this.#held.delete(caller) && refuseUnready(response),
    );
  }
}

/** As the world answers: what stands over the document is in `http-app`, and in Koa. */
function writeDocument(response: ServerResponse, document: Record<string, unknown>, nowMs: number): void {
  const text = JSON.stringify(document);
  response.writeHead(200, {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Date: new Date(nowMs).toUTCString(),
    'Access-Control-Allow-Origin': '*',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  // Node leaves the text out where only the head was asked for.
  response.end(text);
}
