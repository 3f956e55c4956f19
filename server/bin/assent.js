#!/usr/bin/env node
// The command's entry. It exists before the build does, so that a package manager can link it on install.
import { enableCompileCache } from 'node:module';

// What V8 made of the modules the last time, kept by Node in a folder of its own. Before anything else is loaded.
enableCompileCache();
await import('../dist/cli/main.js');
