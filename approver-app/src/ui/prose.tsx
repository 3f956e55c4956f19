// Sets a text of the catalogue: fills in {names}, and marks `code` and *strong*. Only the pattern is interpreted;
// what is filled in stays what it is, so client content with backticks or angle brackets remains plain text.
import type { ReactNode } from 'react';
import { language, type PluralForms } from '../texts/shared.ts';

type Values = Readonly<Record<string, string | number>>;
type Nodes = Readonly<Record<string, ReactNode>>;

/** For attributes and announcements. */
export function fill(pattern: string, values: Values = {}): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** "1 waiting", "2 waiting". */
export function plural(forms: PluralForms, count: number): string {
  const form = new Intl.PluralRules(language).select(count) === 'one' ? forms.one : forms.other;
  return fill(form, { count });
}

export function Prose({ text, values = {} }: { text: string; values?: Nodes }): ReactNode {
  const pieces = text.split(/(`[^`]*`|\*[^*]*\*|\{\w+\})/g).filter((piece) => piece !== '');
  return pieces.map((piece, index) => {
    // The order of the pieces of a catalogue text never changes, so the index names them.
    const key = `${index}`;
    if (piece.startsWith('`')) return <code key={key}>{inner(piece, values)}</code>;
    if (piece.startsWith('*')) return <b key={key}>{inner(piece, values)}</b>;
    if (piece.startsWith('{')) return <span key={key}>{values[piece.slice(1, -1)]}</span>;
    return piece;
  });
}

function inner(piece: string, values: Nodes): ReactNode {
  const text = piece.slice(1, -1);
  return text.includes('{') ? <Prose text={text} values={values} /> : text;
}
