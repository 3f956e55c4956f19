// The bar over the sequence view: which request, how it goes on, playing it, and what else can be done with it. For a room only what
// is needed on the way stays.
import type { RunHeading } from 'assent/sequence';
import type { ReactNode } from 'react';
import { Brand } from '../desk/desk-icons.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { steppingTexts } from '../texts/stepping.ts';
import { RunPicker } from './run-picker.tsx';
import { HoldButton } from './stepping/hold-button.tsx';
import type { StepMode } from './stepping/use-steps.ts';

interface SequenceBarProps {
  runs: readonly RunHeading[];
  run: RunHeading | undefined;
  onPick(name: string): void;
  /** One run is drawn; two that are compared are not chosen here. */
  isDrawing: boolean;
  /** Whether it is live, held, or from a file. */
  state: ReactNode;
  playback: ReactNode;
  mode: StepMode | undefined;
  /** Further buttons. */
  tools: ReactNode;
  isPredicting: boolean;
  isPresenting: boolean;
  onPredict(): void;
  /** Undefined where no address leads here. */
  onShare: (() => void) | undefined;
  onExport(): void;
  onOpen: (() => void) | undefined;
  onPresent(): void;
}

export function SequenceBar(props: SequenceBarProps) {
  const { runs, run, mode, isDrawing, isPredicting, isPresenting, onShare, onOpen } = props;
  return (
    <header className="bar">
      <a href="/approve/" className="brand" aria-label={sequenceTexts.home}>
        <Brand />
      </a>
      <h1>{sequenceTexts.title}</h1>
      {isDrawing ? <RunPicker runs={runs} shown={run} onPick={props.onPick} /> : null}
      {props.state}
      {isPredicting ? <span className="live live--held">{steppingTexts.predict.status}</span> : null}
      {isPresenting ? <span className="quiet">{sequenceTexts.presenter.hidden}</span> : null}
      <span className="grow" />
      {props.playback}
      <div className="grp tools">
        {isPresenting ? null : (
          <>
            {mode === undefined ? null : <HoldButton mode={mode} />}
            {isDrawing ? (
              <Tool
                text={steppingTexts.predict.button}
                isPressed={isPredicting}
                isOff={run === undefined}
                act={props.onPredict}
              />
            ) : null}
            {props.tools}
            {onShare === undefined ? null : <Tool text={sequenceTexts.share.button} act={onShare} />}
            <Tool text={sequenceTexts.exports.button} isOff={run === undefined} act={props.onExport} />
            {onOpen === undefined ? null : <Tool text={sequenceTexts.open.button} act={onOpen} />}
          </>
        )}
        <Tool text={sequenceTexts.presenter.button} isPressed={isPresenting} act={props.onPresent} />
      </div>
    </header>
  );
}

interface ToolProps {
  text: string;
  isPressed?: boolean;
  isOff?: boolean;
  act(): void;
}

function Tool({ text, isPressed, isOff, act }: ToolProps) {
  return (
    <button
      type="button"
      className="btn btn--s"
      aria-pressed={isPressed}
      aria-disabled={isOff}
      onClick={() => {
        if (isOff !== true) act();
      }}
    >
      {text}
    </button>
  );
}
