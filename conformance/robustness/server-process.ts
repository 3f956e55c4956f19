// The server under fire, as a process of its own, so that what it weighs can be told apart from who attacks it. Started by
// `target.ts` with the tenant as its first message; answers what it weighs.
import { startAssent } from 'assent';
import type { TenantConfigInput } from 'assent/contract';

export type ToServer = { config: TenantConfigInput } | { weigh: true };
export type FromServer = { url: string; issuer: string } | { rssBytes: number } | { failed: string };

function tell(message: FromServer): void {
  process.send?.(message);
}

async function start(config: TenantConfigInput): Promise<void> {
  const assent = await startAssent({ config, tls: false });
  process.on('disconnect', () => void assent.close());
  tell({ url: assent.url, issuer: assent.issuer });
}

process.on('message', (message: ToServer) => {
  if ('weigh' in message) {
    // What is garbage does not count, nor the room that was made for it; without the switch of Node both do.
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    tell({ rssBytes: process.memoryUsage.rss() });
    return;
  }
  start(message.config).catch((error: unknown) => tell({ failed: String(error) }));
});
