// The gate around a function from Request to Response: Hono, Next.js and SvelteKit routes, Deno, Bun and workers.
import { type GateOptions, passGate, type Requirements } from './gate.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { VerifiedToken } from './verified-token.ts';

/** What runs behind the gate. `rest` is whatever else the framework hands to a route. */
export type GuardedRoute<Rest extends readonly unknown[]> = (
  request: Request,
  token: VerifiedToken,
  ...rest: Rest
) => Response | Promise<Response>;

/**
 * Lets a request through only with a token that meets the requirements, and hands the token to the route.
 *
 * @param requirements a body can be read once: read `request.clone()` here
 * @example
 * ```ts
 * export const POST = requireTokenInFetch(
 *   verifier,
 *   async (request) => ({ scope: 'create:transfer', details: [toDetail(await request.clone().json())] }),
 *   async (request, token) => Response.json(await move(token, await request.json())),
 * );
 * ```
 */
export function requireTokenInFetch<Rest extends readonly unknown[]>(
  verifier: TokenVerifier,
  requirements: Requirements<Request>,
  route: GuardedRoute<Rest>,
  options: GateOptions = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const result = await passGate(verifier, request, { requirements, request, options });
    if (result.passed) return addHeaders(await route(request, result.token, ...rest), result.headers);
    const { status, headers, body } = result.answer;
    return Response.json(body, { status, headers: { ...headers } });
  };
}

/** A response that came from elsewhere cannot be changed, so it is copied. */
function addHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  const added = Object.entries(headers);
  if (added.length === 0) return response;
  const copy = new Response(response.body, response);
  for (const [name, value] of added) copy.headers.set(name, value);
  return copy;
}
