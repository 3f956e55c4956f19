// Where a comparison takes place: a temporary folder with keys that every server signs with, and the programs that are compared.
// They are installed by npm as a stranger would, Assent from its tarball; or, to look at what is being built, taken from the workspace.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packServer } from '../../scripts/pack-server.mjs';
import type { Algorithm } from './target.ts';

const BENCH = join(import.meta.dirname, '..');
const packageSchema = z.object({
  version: z.string().default(''),
  devDependencies: z.record(z.string()).default({}),
});

export interface Ground extends AsyncDisposable {
  folder: string;
  /** Private JSON Web Keys by algorithm, made anew for each run. */
  keys: Record<Algorithm, JsonWebKey>;
  programs: Programs;
  /** Whether Assent is the one that others install. */
  isPacked: boolean;
  /** Versions by name. */
  versions: Record<string, string>;
  /** Whether servers that are written for Node note what is left of their heap. */
  watchesHeap?: boolean;
}

/** Files that can be started as commands. */
interface Programs {
  assent: string;
  'oidc-provider': string;
  'oauth2-mock-server': string;
}

/** @param isPacked false: what is built in the workspace */
export async function prepareGround({ isPacked }: { isPacked: boolean }): Promise<Ground> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'assent-compare-')));
  const clear = () => rm(folder, { recursive: true, force: true });
  try {
    const { programs, versions } = await (isPacked ? installPrograms(folder) : findInWorkspace());
    return { folder, keys: makeKeys(), isPacked, programs, versions, [Symbol.asyncDispose]: clear };
  } catch (error) {
    await clear();
    throw error;
  }
}

async function installPrograms(folder: string): Promise<Pick<Ground, 'programs' | 'versions'>> {
  const { devDependencies } = await readPackage(BENCH);
  const project = join(folder, 'installed');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"private":true}');
  const peers = ['oidc-provider', 'oauth2-mock-server'].map((name) => `${name}@${devDependencies[name]}`);
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', await packServer(folder), ...peers],
    { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const bare = join(project, 'bare-provider.mjs');
  await cp(join(import.meta.dirname, 'peers/bare-provider.mjs'), bare);
  const modules = join(project, 'node_modules');
  return {
    programs: {
      assent: join(modules, '.bin/assent'),
      'oidc-provider': bare,
      'oauth2-mock-server': join(modules, '.bin/oauth2-mock-server'),
    },
    versions: await readVersions((name) => join(modules, name)),
  };
}

async function findInWorkspace(): Promise<Pick<Ground, 'programs' | 'versions'>> {
  const { resolve } = createRequire(join(BENCH, 'package.json'));
  const modules = join(BENCH, 'node_modules');
  return {
    programs: {
      assent: join(dirname(resolve('assent/package.json')), 'bin/assent.js'),
      'oidc-provider': join(import.meta.dirname, 'peers/bare-provider.mjs'),
      'oauth2-mock-server': join(modules, '.bin/oauth2-mock-server'),
    },
    versions: await readVersions((name) => join(modules, name)),
  };
}

async function readVersions(findFolder: (name: string) => string): Promise<Record<string, string>> {
  const names = ['assent', 'oidc-provider', 'oauth2-mock-server'];
  const versions = names.map(async (name) => [name, (await readPackage(findFolder(name))).version]);
  return Object.fromEntries(await Promise.all(versions));
}

async function readPackage(folder: string): Promise<z.output<typeof packageSchema>> {
  return packageSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}

function makeKeys(): Record<Algorithm, JsonWebKey> {
  const label = (alg: Algorithm, { privateKey }: { privateKey: KeyObject }): JsonWebKey => ({
    ...privateKey.export({ format: 'jwk' }),
    alg,
    use: 'sig',
    kid: `bench-${alg.toLowerCase()}`,
  });
  return {
    RS256: label('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })),
    ES256: label('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    EdDSA: label('EdDSA', generateKeyPairSync('ed25519')),
  };
}
