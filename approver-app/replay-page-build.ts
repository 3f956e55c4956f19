// Builds the page that replays a story without a server and without a network: the sequence view in one HTML file, which leaves a
// place for the story. It is kept as text, since nothing serves it as a page: whoever exports fills it in and saves it.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin, type Rolldown } from 'vite';

interface ReplayBuildOptions {
  entry: string;
  /** Where the pages were written, and this text goes. */
  outDir: string;
  treeshake: { moduleSideEffects(id: string): boolean };
}

export const REPLAY_PAGE = 'replay-page.txt';

export function buildReplayPage({ entry, outDir, treeshake }: ReplayBuildOptions): Plugin {
  return {
    name: 'assent:replay-page',
    apply: 'build',
    async closeBundle() {
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        plugins: [react()],
        build: {
          write: false,
          target: 'es2022',
          modulePreload: false,
          cssCodeSplit: false,
          chunkSizeWarningLimit: 2_000,
          rolldownOptions: { input: entry, output: { format: 'iife' }, treeshake },
        },
      });
      await writeFile(join(outDir, REPLAY_PAGE), writePage(built as Rolldown.RolldownOutput));
    },
  };
}

function writePage({ output }: Rolldown.RolldownOutput): string {
  const script = output.flatMap((file) => (file.type === 'chunk' ? [file.code] : [])).join('\n');
  const style = output
    .flatMap((file) => (file.type === 'asset' && file.fileName.endsWith('.css') ? [String(file.source)] : []))
    .join('\n');
  // Nothing in the script may end its element. HTML Standard §4.12.1.3.
  const safeScript = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const hash = createHash('sha256').update(safeScript).digest('base64');
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>Sequence · Assent</title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<noscript>This page draws in the browser, so it needs JavaScript.</noscript>
<script type="application/json" id="story"></script>
<script>${safeScript}</script>
</body>
</html>
`;
}
