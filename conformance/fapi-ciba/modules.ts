// The modules of the OpenID Foundation's plan `fapi-ciba-id1`, `modules.json`: what each of them does, in our words, and in which
// variants of the plan it runs. Those of a national profile do not apply to a server of none.
import { readFileSync } from 'node:fs';

export type Mode = 'poll' | 'ping';
export type ClientAuth = 'private_key_jwt' | 'mtls';

export interface Variant {
  mode: Mode;
  clientAuth: ClientAuth;
}

export const VARIANTS: readonly Variant[] = [
  { mode: 'poll', clientAuth: 'private_key_jwt' },
  { mode: 'poll', clientAuth: 'mtls' },
  { mode: 'ping', clientAuth: 'private_key_jwt' },
  { mode: 'ping', clientAuth: 'mtls' },
];

/** Of the tests of a variant. */
export function titleOf({ mode, clientAuth }: Variant): string {
  return `${mode} with ${clientAuth}`;
}

export interface Module {
  name: string;
  /** Empty for one that does not apply. */
  modes: readonly Mode[];
  client_auth: readonly ClientAuth[];
  does?: string;
  expects?: string;
  not_applicable?: string;
}

export function readModules(): readonly Module[] {
  return JSON.parse(readFileSync(new URL('modules.json', import.meta.url), 'utf8')) as Module[];
}

/** What runs in this variant, in the plan's order. */
export function modulesOf({ mode, clientAuth }: Variant): Module[] {
  return readModules().filter(
    ({ modes, client_auth: auths }) => modes.includes(mode) && auths.includes(clientAuth),
  );
}
