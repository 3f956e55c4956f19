// What each letter stands for. Following one highlights all its places: in the drawing, the list and the panel.
import { LETTERS, type Letter, type Run } from 'assent/sequence';
import { sequenceTexts } from '../texts/sequence.ts';

const { legend, letters } = sequenceTexts;
/** Longer values are told in the panel. */
const MOST_SHOWN = 24;

interface LegendProps {
  run: Run | undefined;
  hidesValues: boolean;
  followed: Letter | undefined;
  onFollow(letter: Letter | undefined): void;
}

export function Legend({ run, hidesValues, followed, onFollow }: LegendProps) {
  return (
    <footer className="legend">
      <ul aria-label={legend.label}>
        {LETTERS.map((letter) => {
          const code = letter === 'b' && !hidesValues ? run?.values.b : undefined;
          const isFollowed = letter === followed;
          return (
            <li key={letter}>
              <button
                type="button"
                className={`k k${letter}`}
                aria-pressed={isFollowed}
                onClick={() => onFollow(isFollowed ? undefined : letter)}
              >
                <i aria-hidden="true">{letter}</i>
                {letters[letter]}
                {code === undefined ? null : <bdi>{code.slice(0, MOST_SHOWN)}</bdi>}
              </button>
            </li>
          );
        })}
      </ul>
      <p className="keys-hint" aria-hidden="true">
        <kbd>←</kbd> <kbd>→</kbd> {legend.step} <kbd>{legend.space}</kbd> {legend.pause} <kbd>?</kbd>{' '}
        {legend.help}
      </p>
    </footer>
  );
}
