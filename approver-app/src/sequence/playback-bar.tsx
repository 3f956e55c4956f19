// Previous, play or pause, next, and how fast. The first and the last step have keys.
import { DeskIcon } from '../desk/desk-icons.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { fill } from '../ui/prose.tsx';
import { Glyph } from './glyphs.tsx';

const { playback: texts } = sequenceTexts;

interface PlaybackBarProps {
  /** Playing, or following what comes. */
  isRunning: boolean;
  speed: number;
  isDisabled: boolean;
  onPrevious(): void;
  onToggle(): void;
  onNext(): void;
  onSpeed(): void;
}

export function PlaybackBar(props: PlaybackBarProps) {
  const { isRunning, speed, isDisabled, onPrevious, onToggle, onNext, onSpeed } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div className="grp playback" role="group" aria-label={texts.label}>
      {(
        [
          ['previous', texts.previous, onPrevious],
          [isRunning ? 'pause' : 'play', isRunning ? texts.pause : texts.play, onToggle],
          ['next', texts.next, onNext],
        ] as const
      ).map(([glyph, label, act]) => (
        <button
          key={glyph === 'pause' ? 'play' : glyph}
          type="button"
          className="btn btn--s btn--icon"
          aria-label={label}
          aria-disabled={isDisabled}
          onClick={() => {
            if (!isDisabled) act();
          }}
        >
          {glyph === 'play' || glyph === 'pause' ? <DeskIcon name={glyph} /> : <Glyph name={glyph} />}
        </button>
      ))}
      <button
        type="button"
        className="btn btn--s"
        aria-label={fill(texts.speed, { speed })}
        onClick={onSpeed}
      >
        {fill(texts.speedShown, { speed })}
      </button>
    </div>
  );
}
