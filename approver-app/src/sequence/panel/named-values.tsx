// A table of names with their meaning, and values.
import { type ReactNode, useId } from 'react';
import { Term } from '../../ui/term.tsx';

interface NamedValuesProps {
  title: string;
  rows: readonly (readonly [name: string, value: ReactNode])[];
  words: Readonly<Record<string, string>>;
}

export function NamedValues({ title, rows, words }: NamedValuesProps) {
  const id = useId();
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 id={id}>{title}</h3>
      <table className="kv" aria-labelledby={id}>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <Term name={name} meaning={Object.hasOwn(words, name) ? words[name] : undefined} />
              </th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
