import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The entries: one page for each kind of reader, so that a phone never loads the developer's tools. */
const entries = ['phone.html'];

/** The contract is schemas only; whatever the app does not name can be left out of the bundle. */
const contractFolder = at('../server/dist/contract/');

export default defineConfig({
  base: '/approve/',
  plugins: [react()],
  build: {
    // The server serves this folder under /approve, so the package needs nothing beside it.
    outDir: at('../server/dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would need `data:` in more places of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: entries.map(at),
      treeshake: { moduleSideEffects: (id) => !id.startsWith(contractFolder) },
    },
  },
});
