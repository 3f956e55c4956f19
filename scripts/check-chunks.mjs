// What a start may do without stays out of it: of the chunks that an entry loads before it does anything, none has code of these.
import { join } from 'node:path';

const SERVER = join(import.meta.dirname, '../server');

const LATER = [
  '@peculiar/x509',
  '@redis/client',
  '@simplewebauthn/server',
  'management/management.js',
  'nodemailer',
  'ws',
];

/** What loads it, and what must not come with that. */
const RULES = [
  { from: 'dist/cli/main.js', without: ['koa', 'oidc-provider', ...LATER] },
  // A tenant with nothing wrong in it takes no schemas, and discovery waits for no more than that.
  { from: 'dist/cli/commands/start.js', without: ['koa', 'oidc-provider', 'yaml', 'zod', ...LATER] },
  { from: 'dist/app.js', without: ['koa', 'oidc-provider', 'yaml', 'zod', ...LATER] },
];

/**
 * @param {import('rolldown').OutputChunk[]} chunks
 * @throws with the way that leads to what does not belong there
 */
export function checkChunks(chunks) {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  for (const { from, without } of RULES) {
    const first = chunks.find(({ modules }) => Object.hasOwn(modules, join(SERVER, from)));
    if (!first) throw new Error(`No chunk has ${from} in it.`);
    const loaded = new Set([first]);
    for (const chunk of loaded) {
      for (const name of chunk.imports) if (byName.has(name)) loaded.add(byName.get(name));
    }
    for (const { fileName, modules } of loaded) {
      const found = without.find((part) => Object.keys(modules).some((id) => isPartOf(id, part)));
      if (found !== undefined)
        throw new Error(`${from} loads ${fileName}, and ${found} in it. Import it where it is first used.`);
    }
  }
}

function isPartOf(id, part) {
  return part.endsWith('.js') ? id.endsWith(`/dist/${part}`) : id.includes(`/node_modules/${part}/`);
}
