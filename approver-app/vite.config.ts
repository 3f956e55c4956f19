import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fillDeskHead } from './desk-head.ts';
import { buildReplayPage } from './replay-page-build.ts';
import { buildServiceWorker } from './service-worker-build.ts';
import { reportSizes } from './size-report.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The entries: one page for each kind of reader, so that a phone never loads the developer's tools. */
const entries = ['phone.html', 'sequence.html', 'console.html'].filter((page) => existsSync(at(page)));

const base = '/approve/';
// The server serves this folder under /approve, so the package needs nothing beside it.
const outDir = at('../server/dist/web');

/** The contract is schemas only; whatever the app does not name can be left out of the bundle. */
const contractFolder = at('../server/dist/contract/');
const treeshake = { moduleSideEffects: (id: string) => !id.startsWith(contractFolder) };

const REACT = /[\\/]node_modules[\\/](react|react-dom|scheduler)[\\/]/;

export default defineConfig({
  base,
  plugins: [
    react(),
    fillDeskHead(),
    buildServiceWorker({
      entry: at('src/phone/service-worker.ts'),
      page: 'phone.html',
      outDir,
      base,
      treeshake,
    }),
    reportSizes({
      root: at('..'),
      outDir,
      reportFile: at('dist/sizes.json'),
      alone: { 'service-worker': 'service-worker.js' },
    }),
    buildReplayPage({ entry: at('src/sequence/replay-entry.tsx'), outDir, treeshake }),
  ],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would need `data:` in more places of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What each page may weigh is in size-budgets.json, and scripts/check-sizes.mjs holds it to that.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: entries.map(at),
      treeshake,
      // One file for all pages; whatever else several of them load, the bundler parts by itself.
      output: { codeSplitting: { groups: [{ name: 'react', test: REACT }] } },
    },
  },
});
