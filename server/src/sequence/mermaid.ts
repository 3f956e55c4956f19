// A run as the text of a Mermaid sequence diagram, for documents that draw it. https://mermaid.js.org/syntax/sequenceDiagram.html
import { findRedacted } from './redacted-names.ts';
import { exportTexts, fillText } from './sentences.ts';
import { PARTICIPANTS, type Run, type Step } from './step.ts';

export function writeMermaid(run: Run): string {
  const title = `${run.name} ${run.title}`;
  const redacted = findRedacted(run.events);
  return `${[
    'sequenceDiagram',
    ...(redacted.length === 0
      ? []
      : [`  %% ${escapeText(fillText(exportTexts.redacted, { names: redacted.join(', ') }))}`]),
    // https://mermaid.js.org/config/accessibility.html
    `  accTitle: ${plain(title)}`,
    `  accDescr: ${plain(fillText(exportTexts.description, { count: run.steps.length, outcome: exportTexts.outcomes[run.outcome] }))}`,
    ...PARTICIPANTS.map((participant) => {
      const name = run.names[participant];
      const label = exportTexts.participants[participant];
      return `  participant ${participant} as ${escapeText(name === undefined ? label : `${label} (${name})`)}`;
    }),
    ...run.rows.map((row) =>
      row.type === 'step' ? `  ${drawStep(row.step)}` : `  Note over agent,api: ${escapeText(row.mark.text)}`,
    ),
  ].join('\n')}\n`;
}

function drawStep({ number, from, to, isResponse, outcome, label, values, arrows }: Step): string {
  const line = outcome === 'stopped' ? (isResponse ? '--x' : '-x') : isResponse ? '-->>' : '->>';
  const carried = values.length === 0 ? '' : ` [${values.join(' ')}]`;
  const times = arrows.length === 1 ? '' : ` ×${arrows.length}`;
  return `${from}${line}${to}: ${escapeText(`${number} ${label}${carried}${times}`)}`;
}

/** Characters with a meaning in the language become its entity codes; a line stays a line. */
function escapeText(text: string): string {
  return plain(text).replace(/[#;<>{}%&"`\\]/g, (character) => `#${character.codePointAt(0)};`);
}

/** Of titles, which take no entity codes. Directives count wherever they stand. https://mermaid.js.org/config/directives.html */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
    .replaceAll('%%{', '%% {')
    .trim();
}
