// The certificate authority of instances that share a store: whoever trusts one of them trusts all, though each has a data folder of its
// own. The first one puts its authority into the store; one whose folder is empty takes that over before its certificates are made.
import { join } from 'node:path';
import { makeFolder, readOptional, readSecret, replaceFile } from './disk.ts';
import { AUTHORITY } from './instances/index.ts';
import { provide, type Store } from './store.ts';
import { warn } from './warnings.ts';

/** PEM. */
interface Authority {
  key: string;
  certificate: string;
}

/** @param make makes certificates in the folder, with the authority that is there or a new one */
export async function adoptAuthority(
  folder: string,
  store: Pick<Store, 'collection'>,
  make: () => Promise<unknown>,
): Promise<void> {
  const documents = store.collection<Authority>(AUTHORITY);
  const before = await readAuthority(folder);
  if (before === undefined && (await documents.get('current')) === undefined) await make();
  const own = await readAuthority(folder);
  const theirs = own
    ? await provide(documents, 'current', () => own)
    : (await documents.get('current'))?.value;
  if (theirs === undefined || theirs.key === own?.key) return;
  if (before !== undefined) {
    warn(
      'OTHER_AUTHORITY',
      `The authority in ${folder} is not the one of the other instances, so nobody who trusts them trusts this one. Start with another --data-folder.`,
    );
    return;
  }
  await makeFolder(folder);
  await replaceFile(join(folder, 'ca-key.pem'), theirs.key, 0o600);
  await replaceFile(join(folder, 'ca.pem'), theirs.certificate, 0o644);
}

async function readAuthority(folder: string): Promise<Authority | undefined> {
  const key = await readSecret(join(folder, 'ca-key.pem'));
  const certificate = await readOptional(join(folder, 'ca.pem'));
  return key === undefined || certificate === undefined ? undefined : { key, certificate };
}
