#!/usr/bin/env node
// The command's entry. It exists before the build does, so that a package manager can link it on install.
import '../dist/cli/main.js';
