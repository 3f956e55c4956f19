// THIRD-PARTY-NOTICES: the packages of which code is in the bundle, each with its licence, as most licences ask for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Those that let their code be passed on inside of other code, with their text beside it. */
const FITTING = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
];

/**
 * @param {string[]} files that went into a bundle
 * @param {{ own: string[] }} options folders of packages of our own
 * @returns {string} the document
 * @throws for a package whose licence does not say that this may be done
 */
export function writeNotices(files, { own }) {
  const folders = new Set(files.filter((file) => existsSync(file)).map(packageFolder));
  const packages = [...folders].filter((folder) => !own.includes(folder)).map(readPackage);
  const unique = new Map(packages.map((one) => [`${one.name} ${one.version}`, one]));
  const sorted = [...unique.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const unfit = sorted.filter(({ license }) => !isFitting(license));
  if (unfit.length > 0)
    throw new Error(
      `May these be part of a bundle? ${unfit.map(({ name, license }) => `${name} (${license})`).join(', ')}`,
    );
  const sections = sorted.map(
    ({ name, version, license, text }) => `${'-'.repeat(80)}\n${name} ${version}, ${license}\n\n${text}\n`,
  );
  return `The code of this package contains code of the following ones.\n\n${sections.join('\n')}`;
}

/** @param {string} license an SPDX expression; of alternatives, one is enough */
function isFitting(license) {
  return license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((one) => FITTING.includes(one));
}

/** @param {string} file */
function packageFolder(file) {
  let folder = dirname(file);
  // Folders inside of a package may have a manifest that says no more than which kind of module is in them.
  while (!hasName(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error(`${file} is in no package`);
    folder = dirname(folder);
  }
  return folder;
}

function hasName(manifestFile) {
  return existsSync(manifestFile) && JSON.parse(readFileSync(manifestFile, 'utf8')).name !== undefined;
}

function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.(md|txt)|-mit.*)?$/i.test(one));
  const holder = typeof author === 'string' ? author : (author?.name ?? 'its authors');
  return {
    name,
    version,
    license,
    text: file === undefined ? `Copyright ${holder}` : readFileSync(join(folder, file), 'utf8').trim(),
  };
}
