// One call to a host that a client has named: its notification endpoint, its keys. Certificates are verified, redirections are
// answers like any other, the address that is connected to is the one that was judged, a deadline ends it, and of the answer no
// more is read than the caller wants. Nothing of the environment (proxies, leniency about certificates) counts.
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type IncomingHttpHeaders, request as requestOverHttp } from 'node:http';
import { Agent, request as requestOverHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../clock.ts';
import { isPublicAddress, judgeDestination, whyNotPublic } from './destinations.ts';
import { trustedCertificates } from './trusted-certificates.ts';

export interface OutboundParts {
  /** By which deadlines go: that of sockets, not of the tenant. */
  clock: Clock;
  /** Certificate authorities beside those of the system, as PEM. */
  ownCa: string | undefined;
  settings: () => { notification_hosts: readonly string[]; notification_ca?: string | undefined };
  /** The addresses behind a name. Default: as the system knows them. */
  findAddresses?: (hostname: string) => Promise<LookupAddress[]>;
}

export interface OutboundCall {
  method: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Of the answer's body; what comes beyond is not read. Default: none of it. */
  mostBytes?: number;
}

export type OutboundResult =
  | { result: 'answered'; status: number; headers: IncomingHttpHeaders; text: string; isCut: boolean }
  /** That address is not called. */
  | { result: 'forbidden'; why: string }
  /** Nobody answered, or not in time, or not with a good certificate. */
  | { result: 'failed'; why: string }
  /** The server stops. */
  | { result: 'aborted' };

const DEADLINE_MS = 10_000;
const LONGEST_DOCUMENT_BYTES = 256 * 1024;

export class Outbound {
  readonly #parts: OutboundParts;
  readonly #closing = new AbortController();
  #trust: { ca: string | undefined; agent: Agent } | undefined;

  constructor(parts: OutboundParts) {
    this.#parts = parts;
  }

  async call(address: string, call: OutboundCall): Promise<OutboundResult> {
    const destination = judgeDestination(address, this.#parts.settings().notification_hosts);
    if (!destination.allowed) return { result: 'forbidden', why: destination.why };
    if (this.#closing.signal.aborted) return { result: 'aborted' };
    const { clock } = this.#parts;
    const deadline = new AbortController();
    const cancelDeadline = clock.setAlarm(clock.now() + DEADLINE_MS, () => deadline.abort());
    try {
      return await this.#send(destination, call, AbortSignal.any([deadline.signal, this.#closing.signal]));
    } catch (error) {
      if (this.#closing.signal.aborted) return { result: 'aborted' };
      if (error instanceof ForbiddenAddress) return { result: 'forbidden', why: error.message };
      const why = deadline.signal.aborted ? `no answer within ${DEADLINE_MS / 1000} s` : describe(error);
      return { result: 'failed', why: `${destination.url.host}: ${why}` };
    } finally {
      cancelDeadline();
    }
  }

  /** The document at that address. Rejects, saying why, where there is none, or a longer one than anybody needs. */
  async fetchText(address: string): Promise<string> {
    const answer = await this.call(address, { method: 'GET', mostBytes: LONGEST_DOCUMENT_BYTES });
    if (answer.result === 'aborted') throw new Error('The server stops.');
    if (answer.result !== 'answered') throw new Error(answer.why);
    if (answer.status !== 200) throw new Error(`Expected 200, received ${answer.status}.`);
    if (answer.isCut) throw new Error(`Expected at most ${LONGEST_DOCUMENT_BYTES} bytes.`);
    return answer.text;
  }

  /** Ends what is under way. */
  close(): void {
    this.#closing.abort();
    this.#trust?.agent.destroy();
  }

  #send(
    { url, isNamed }: { url: URL; isNamed: boolean },
    { method, headers = {}, body, mostBytes = 0 }: OutboundCall,
    signal: AbortSignal,
  ): Promise<OutboundResult> {
    const options = {
      method,
      signal,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
      },
      lookup: this.#lookup(isNamed),
    };
    return new Promise((resolve, reject) => {
      // Agents of our own: none that keeps a connection, or takes a proxy from the environment.
      const request =
        url.protocol === 'http:'
          ? requestOverHttp(url, { ...options, agent: false })
          : requestOverHttps(url, { ...options, agent: this.#agent() });
      request.on('error', reject);
      request.on('response', async (response) => {
        try {
          const chunks: Buffer[] = [];
          let length = 0;
          if (mostBytes > 0) {
            for await (const chunk of response as AsyncIterable<Buffer>) {
              chunks.push(chunk);
              length += chunk.length;
              if (length > mostBytes) break;
            }
          }
          resolve({
            result: 'answered',
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'),
            isCut: length > mostBytes,
          });
        } catch (error) {
          reject(error);
        } finally {
          request.destroy();
        }
      });
      request.end(body);
    });
  }

  /**
   * Of a host that nobody named it gives public addresses only, and it is these that are connected to: a name cannot lead inside,
   * whatever it resolved to a moment ago.
   */
  #lookup(isNamed: boolean): LookupFunction {
    const { findAddresses = findSystemAddresses } = this.#parts;
    return (hostname, { all }, callback) => {
      findAddresses(hostname).then(
        (addresses) => {
          const allowed = addresses.filter(({ address }) => isNamed || isPublicAddress(address));
          const [first] = allowed;
          if (first === undefined) {
            const why = whyNotPublic(hostname, addresses[0]?.address ?? 'none');
            callback(new ForbiddenAddress(why), []);
          } else if (all) callback(null, allowed);
          else callback(null, first.address, first.family);
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
      );
    };
  }

  /** Made when it is needed: it reads every certificate of the system. */
  #agent(): Agent {
    const { notification_ca: ca } = this.#parts.settings();
    if (this.#trust === undefined || this.#trust.ca !== ca) {
      const own = [this.#parts.ownCa, ca].filter((pem) => pem !== undefined);
      this.#trust = {
        ca,
        agent: new Agent({
          // RFC 9325 §3.1.1: nothing older.
          secureContext: createSecureContext({
            ca: [...trustedCertificates(), ...own],
            minVersion: 'TLSv1.2',
          }),
          // Also where the environment says otherwise.
          rejectUnauthorized: true,
        }),
      };
    }
    return this.#trust.agent;
  }
}

class ForbiddenAddress extends Error {}

function findSystemAddresses(hostname: string): Promise<LookupAddress[]> {
  return lookup(hostname, { all: true });
}

function describe(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(describe).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
