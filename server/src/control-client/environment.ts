// Where a server is, by the variables that `assent exec` gives to its command, and that others may set.
import { readFileSync } from 'node:fs';
import { Problem } from '../problem.ts';
import type { TransportOptions } from './transport.ts';

/** @throws Problem `usage` without ASSENT_URL, `certificate_unusable` for an ASSENT_CA that cannot be read */
export function readServerVariables(env: Readonly<Record<string, string | undefined>>): TransportOptions {
  const { ASSENT_URL: url, ASSENT_CA: caFile, ASSENT_CONTROL_TOKEN: token } = env;
  if (!url || !URL.canParse(url)) {
    const received = url ? `is "${url}"` : 'is not set';
    throw new Problem('usage', `ASSENT_URL ${received}, expected where the server listens.`, {
      hint: 'Run it by "assent exec -- COMMAND", or name the server: createControlClient({ url, ca })',
    });
  }
  return { url, token: token || undefined, ca: caFile ? readAuthority(caFile) : undefined };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem(
      'certificate_unusable',
      `The certificate authority ${file} of ASSENT_CA cannot be read.`,
      {
        hint: 'Name ca.pem in the data folder of the server:   export ASSENT_CA=.assent/ca.pem',
        cause,
      },
    );
  }
}
