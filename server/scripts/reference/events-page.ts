// docs/reference/events.md: every event of the trace.
import { traceEventSchema } from '../../src/contract/index.ts';
import { describeSchema, formatMembers, listSections } from './schema-tables.ts';

export function writeEventsPage(): string {
  const { oneOf = [] } = describeSchema(traceEventSchema, 'output');
  return [
    '# Events',
    '',
    'For whoever reads a trace: from `GET /control/events`, from `GET /control/requests/{ref}/trace`, or from',
    '`assent start --format ndjson`. Every arrow of the flow appends one event. Secrets and tokens are redacted before',
    'an event is made.',
    '',
    ...oneOf.flatMap((event) => [
      `## ${String(event.properties?.['type']?.const)}`,
      '',
      ...(event.description === undefined ? [] : [event.description, '']),
      formatMembers(event, 'output'),
      '',
    ]),
    '# Shapes inside',
    '',
    ...nestedShapes(oneOf.flatMap((event) => listSections('', event).slice(1))),
  ].join('\n');
}

/** Each nested object once, under the path of its first use. */
function nestedShapes(sections: ReturnType<typeof listSections>): string[] {
  const seen = new Set<string>();
  return sections.flatMap(({ path, node }) => {
    if (seen.has(path)) return [];
    seen.add(path);
    return [
      `## ${path}`,
      '',
      ...(node.description ? [node.description, ''] : []),
      formatMembers(node, 'output'),
      '',
    ];
  });
}
