// Where this package lies, with its manifest and what it brings beside its code. Asked by whoever reads a file of it; from the
// sources, from what tsc wrote and from a bundle alike, whichever chunk this has become a part of.
import { existsSync, readFileSync } from 'node:fs';

/** @param path below the folder of the package, such as `dist/web` */
export function inOwnPackage(path: string): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const above = new URL('..', folder);
    if (above.href === folder.href) throw new Error(`no package around ${import.meta.url}`);
    folder = above;
  }
  return new URL(path, folder);
}

/** The version of Assent. */
export function readOwnVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(inOwnPackage('package.json'), 'utf8'));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion ? String(manifest.version) : '0.0.0';
}
