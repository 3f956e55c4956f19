// What to do, one step after the other, with drawn numbers.
import type { ReactNode } from 'react';
import { Prose } from './prose.tsx';

interface StepsProps {
  texts: readonly string[];
  values?: Readonly<Record<string, ReactNode>>;
}

export function Steps({ texts, values = {} }: StepsProps) {
  return (
    <ol className="steps">
      {texts.map((text) => (
        <li key={text}>
          <span>
            <Prose text={text} values={values} />
          </span>
        </li>
      ))}
    </ol>
  );
}
