// Finds a request by what was asked, by whom or of whom; and the other pages.
import type { RunHeading } from 'assent/sequence';
import { Palette, type PaletteEntry } from '../desk/palette.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { OTHER_PAGES } from './other-pages.ts';

interface SequencePaletteProps {
  runs: readonly RunHeading[];
  /** Whether there is a server whose other pages can be gone to. */
  hasPages: boolean;
  onPick(run: string): void;
  onClose(): void;
}

const { keys, runs: texts } = sequenceTexts;

export function SequencePalette({ runs, hasPages, onPick, onClose }: SequencePaletteProps) {
  const pages: PaletteEntry[] = [
    { key: 'console', icon: 'list', text: keys.console, act: OTHER_PAGES.console },
    { key: 'requests', icon: 'list', text: keys.requests, act: OTHER_PAGES.requests },
    { key: 'approve', icon: 'phone', text: keys.approve, act: OTHER_PAGES.approve },
  ];
  const requests = runs.toReversed().map(
    ({ id, name, title, outcome, clientName = '', approverName = '' }): PaletteEntry => ({
      key: id,
      icon: 'sequence',
      text: `${name} ${title}`,
      note: [texts.outcomes[outcome], clientName, approverName].filter((part) => part !== '').join(' · '),
      act: () => onPick(name),
    }),
  );
  return <Palette entries={[...requests, ...(hasPages ? pages : [])]} onClose={onClose} />;
}
