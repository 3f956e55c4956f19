#!/usr/bin/env node
// The command's entry. It exists before the build does, so that a package manager can link it on install. Its syntax is of
// any Node, and it imports nothing that an old one lacks: otherwise that one would say so in words of its own.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const oldest = engines.node.replace('>=', '');
if (isOlder(process.versions.node, oldest)) {
  process.stderr.write(`
  Assent needs Node ${oldest} or newer; this is ${process.version}, ${process.execPath}.
  In a clone, "npm start" and "npx assent" take the Node that the clone brings.

`);
  process.exit(1);
}

// What V8 made of the modules the last time, kept by Node in a folder of its own. Before anything else is loaded.
process.getBuiltinModule('node:module').enableCompileCache();
await import('../dist/cli/main.js');

function isOlder(version, other) {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
