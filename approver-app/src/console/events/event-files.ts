// Events as files: one JSON value per line, for tools, or a trace document, which the sequence view and the test kit read. They hold
// what the trace holds, so no secrets.
import type { Health, TraceDocument, TraceEvent } from 'assent/contract';

export function toNdjson(events: readonly TraceEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

export function toTraceDocument(events: readonly TraceEvent[], health: Health, title: string): TraceDocument {
  const { issuer, tenant, version } = health;
  return { format: 'assent-trace', version: 1, title, issuer, tenant, assent: version, events: [...events] };
}
