// Hints name pages of the documentation as they lie in the repository. Where the package is installed they lie in the package.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inOwnPackage } from '../own-package.ts';

/** The same hint with paths that are there, seen from `folder`. A clone has its pages beside the package. */
export function nameOwnPages(hint: string, folder: string): string {
  return hint.replaceAll(/(?<=^|\s)docs\/[\w/-]+\.md/gm, (page) => {
    const path = [page, `../${page}`].map((one) => fileURLToPath(inOwnPackage(one))).find(existsSync);
    if (path === undefined) return page;
    const short = relative(folder, path);
    return short.length < path.length ? short : path;
  });
}
