// Header or claims of a token, each with its meaning; instants also as local time and as a distance from now.
import { useId } from 'react';
import { jsonTexts } from '../texts/json.ts';
import { language } from '../texts/shared.ts';
import { fill } from '../ui/prose.tsx';
import { Term } from '../ui/term.tsx';
import { distanceFrom } from '../ui/time-text.ts';
import type { JsonNode } from './json-text.ts';
import { letterOf, ValueMark } from './value-mark.tsx';

/** Claims that are instants in seconds, RFC 7519 §2 NumericDate. */
const INSTANTS = ['exp', 'iat', 'nbf', 'auth_time'];

interface ClaimsTableProps {
  title: string;
  node: JsonNode;
  words: Readonly<Record<string, string>>;
  nowMs: number;
}

export function ClaimsTable({ title, node, words, nowMs }: ClaimsTableProps) {
  const id = useId();
  if (node.kind !== 'object') return null;
  return (
    <div>
      <h3 id={id}>{title}</h3>
      <table className="kv" aria-labelledby={id}>
        <tbody>
          {node.members.map(({ name, value }) => (
            <tr key={value.id}>
              <th scope="row">
                <Term name={name} meaning={Object.hasOwn(words, name) ? words[name] : undefined} />
              </th>
              <td>
                <ClaimValue name={name} value={value} />
                {INSTANTS.includes(name) && value.kind === 'number' ? (
                  <small>{instantText(Number(value.source), nowMs)}</small>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ClaimValue({ name, value }: { name: string; value: JsonNode }) {
  const text = value.kind === 'string' ? value.text : value.source;
  const letter = letterOf(name);
  return letter === undefined ? <bdi>{text}</bdi> : <ValueMark letter={letter}>{text}</ValueMark>;
}

function instantText(seconds: number, nowMs: number): string {
  const ms = seconds * 1000;
  if (Number.isNaN(new Date(ms).getTime())) return '';
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(ms);
  return fill(jsonTexts.jwt.at, { time, relative: distanceFrom(ms, nowMs) });
}
