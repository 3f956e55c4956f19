// On a phone: the way from step to step, and the details of the one that is read.
import { sequenceTexts } from '../texts/sequence.ts';
import { fill } from '../ui/prose.tsx';

interface DockProps {
  number: number;
  count: number;
  isPanelOpen: boolean;
  onPrevious(): void;
  onNext(): void;
  onPanel(): void;
}

const { dock } = sequenceTexts;

export function Dock({ number, count, isPanelOpen, onPrevious, onNext, onPanel }: DockProps) {
  return (
    <nav className="dock" aria-label={dock.label}>
      <button type="button" className="btn" onClick={onPrevious}>
        {dock.previous}
      </button>
      <button type="button" className="btn btn--plain" aria-expanded={isPanelOpen} onClick={onPanel}>
        {fill(isPanelOpen ? dock.list : dock.details, { number, count })}
      </button>
      <button type="button" className="btn" onClick={onNext}>
        {dock.next}
      </button>
    </nav>
  );
}
