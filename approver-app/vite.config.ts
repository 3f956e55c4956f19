import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { buildServiceWorker } from './service-worker-build.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The entries: one page for each kind of reader, so that a phone never loads the developer's tools. */
const entries = ['phone.html', 'sequence.html', 'console.html'].filter((page) => existsSync(at(page)));

const base = '/approve/';
// The server serves this folder under /approve, so the package needs nothing beside it.
const outDir = at('../server/dist/web');

/** The contract is schemas only; whatever the app does not name can be left out of the bundle. */
const contractFolder = at('../server/dist/contract/');
const treeshake = { moduleSideEffects: (id: string) => !id.startsWith(contractFolder) };

export default defineConfig({
  base,
  plugins: [
    react(),
    buildServiceWorker({
      entry: at('src/phone/service-worker.ts'),
      page: 'phone.html',
      outDir,
      base,
      treeshake,
    }),
  ],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would need `data:` in more places of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file on purpose: loaded at the first visit, kept by the service worker from then on.
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: entries.map(at), treeshake },
  },
});
