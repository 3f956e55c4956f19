// What the plan tries at the TLS layer: versions of the past, and ciphers that FAPI 1.0 Advanced §8.5 does not list.
import { once } from 'node:events';
import { type ConnectionOptions, connect } from 'node:tls';
import { expect } from 'vitest';

const FAPI_CIPHERS = ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384'];
/** Good ones, but not of the list. */
const OTHER_CIPHERS = ['ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-RSA-AES128-SHA256', 'AES128-GCM-SHA256'];

/** The host behind `url` speaks TLS 1.2 or newer, and of 1.2 the ciphers of FAPI alone. */
export async function expectOldTlsRefused(url: string, ca: string | undefined): Promise<void> {
  const at = { host: new URL(url).hostname, port: Number(new URL(url).port || 443), ...(ca ? { ca } : {}) };
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    const options = { ...at, minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' };
    expect(await connects(options), `${url} with ${version}`).toBe(false);
  }
  const tls12 = { ...at, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  const spoken = await Promise.all(FAPI_CIPHERS.map((ciphers) => connects({ ...tls12, ciphers })));
  expect(spoken, `${url} with a cipher of FAPI`).toContain(true);
  for (const ciphers of OTHER_CIPHERS) {
    expect(await connects({ ...tls12, ciphers }), `${url} with ${ciphers}`).toBe(false);
  }
}

async function connects(options: ConnectionOptions): Promise<boolean> {
  const socket = connect({ servername: options.host ?? '', ...options });
  try {
    await once(socket, 'secureConnect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
