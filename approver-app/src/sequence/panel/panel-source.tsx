// What the panel may ask for beyond the trace: the time, the published keys, and a request as it came in. A recorded trace has no
// server, so whatever needs one is left out.
import { type OriginalExchange, originalExchangeSchema } from 'assent/contract';
import type { JWK } from 'jose';
import { createContext, useContext } from 'react';
import { z } from 'zod';
import { createServerClock, type ServerClock } from '../../api/server-clock.ts';
import type { Api } from '../../desk/api.ts';
import { ApiFailure } from '../../desk/api-failure.ts';

export interface PanelSource {
  /** Of the server; of this device where no server is at hand. */
  clock: ServerClock;
  /** Where copied requests go to: the server of the story. */
  origin: string;
  fetchKeys?: (() => Promise<readonly JWK[]>) | undefined;
  /** The request of an event with its secrets; nothing where it is kept no more. */
  fetchOriginal?: ((event: number) => Promise<OriginalExchange | undefined>) | undefined;
}

const PanelSourceContext = createContext<PanelSource | undefined>(undefined);

export const PanelSourceProvider = PanelSourceContext.Provider;

export function usePanelSource(): PanelSource {
  const source = useContext(PanelSourceContext);
  if (source === undefined) throw new Error('The panel needs a <PanelSourceProvider> around it.');
  return source;
}

/** RFC 7517 §5 */
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** The source of a story from a file: nobody is asked. @param issuer of the file */
export function createRecordedSource(issuer: string): PanelSource {
  return { clock: createServerClock(), origin: originOf(issuer) };
}

/** A file may say anything; where it names no server, copied requests go to the default one. */
function originOf(issuer: string): string {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url.origin : 'https://localhost:4443';
}

/** The source of a story that this server tells. */
export function createLiveSource(api: Api, clock: ServerClock): PanelSource {
  return {
    clock,
    origin: window.location.origin,
    fetchKeys: async () => (await api.call({ path: '/.well-known/jwks.json' }, keySetSchema)).keys,
    fetchOriginal: (event) =>
      api
        .call({ path: `/control/trace/${event}/original` }, originalExchangeSchema)
        .catch((error: unknown) => {
          if (error instanceof ApiFailure && error.status === 404) return undefined;
          throw error;
        }),
  };
}
