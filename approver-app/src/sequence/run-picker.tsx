// Which request is shown. The newest stands first; one that arrives is told of, and nobody is taken away from what they read.
import type { RunHeading } from 'assent/sequence';
import { sequenceTexts } from '../texts/sequence.ts';
import { plural } from '../ui/prose.tsx';

const { runs: texts } = sequenceTexts;
/** The address finds older ones. */
const MOST_LISTED = 300;

interface RunPickerProps {
  runs: readonly RunHeading[];
  shown: RunHeading | undefined;
  onPick(name: string): void;
}

export function RunPicker({ runs, shown, onPick }: RunPickerProps) {
  const listed = runs.slice(-MOST_LISTED).reverse();
  const newer = shown === undefined ? 0 : runs.length - 1 - runs.findIndex(({ id }) => id === shown.id);
  return (
    <>
      <label className="req">
        <span className="vh">{texts.label}</span>
        <select
          value={shown?.name ?? ''}
          disabled={runs.length === 0}
          onChange={(event) => onPick(event.target.value)}
        >
          {shown === undefined ? <option value="">{texts.none}</option> : null}
          {listed.map(({ id, name, title, outcome }) => (
            <option key={id} value={name}>
              {name} {title} ({texts.outcomes[outcome]})
            </option>
          ))}
          {shown === undefined || listed.some(({ id }) => id === shown.id) ? null : (
            <option value={shown.name}>
              {shown.name} {shown.title}
            </option>
          )}
        </select>
      </label>
      {newer > 0 && shown !== undefined ? (
        <button type="button" className="btn btn--s newer" onClick={() => onPick(listed[0]?.name ?? '')}>
          {plural(texts.newer, newer)}
        </button>
      ) : null}
    </>
  );
}
