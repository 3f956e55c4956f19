// Which names a route has for faults: one of its own where agents know it by one, and always its path.
import type { FaultPlace } from '../contract/index.ts';

const NAMED: ReadonlyArray<{ place: FaultPlace; methods?: readonly string[]; path: RegExp }> = [
  { place: 'backchannel_authentication', methods: ['POST'], path: /^\/bc-authorize$/ },
  { place: 'token', methods: ['POST'], path: /^\/oauth\/token$/ },
  { place: 'jwks', path: /^\/\.well-known\/jwks\.json$/ },
  { place: 'discovery', path: /^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/ },
  { place: 'userinfo', path: /^\/userinfo$/ },
  { place: 'management', path: /^\/api\/v2\// },
  // What Guardian apps call, below both addresses that the SDKs build.
  { place: 'guardian', path: /^\/(appliance-mfa\/)?api\/(?!v2\/)|^\/rich-consents\// },
];

/** Whoever injects faults, and takes them back, is never met by one. */
const SPARED = /^\/control(\/|$)/;

/** None for what faults leave alone. */
export function placesOf(method: string, path: string): string[] {
  // What a browser asks before it asks is not what anybody waits for.
  if (method === 'OPTIONS' || SPARED.test(path)) return [];
  const named = NAMED.filter(
    ({ methods, path: pattern }) => methods?.includes(method) !== false && pattern.test(path),
  );
  return [...named.map(({ place }) => place), path];
}
