// The shortcuts of the sequence view, in one list: it drives the keys, the help, the palette and docs/reference/keys.md, whose script
// can read no component.
import type { KeyEntry } from '../desk/keys.ts';
import { sequenceTexts } from '../texts/sequence.ts';
import { steppingTexts } from '../texts/stepping.ts';

const { keys } = sequenceTexts;
const { keys: steppingKeys } = steppingTexts;

export const sequenceKeys = [
  { id: 'next', keys: '→', text: keys.next },
  { id: 'previous', keys: '←', text: keys.previous },
  { id: 'first', keys: 'Home', text: keys.first },
  { id: 'last', keys: 'End', text: keys.last },
  { id: 'play', keys: 'Space', text: keys.play },
  { id: 'unfold', keys: 'x', text: keys.unfold },
  { id: 'copy', keys: 'c', text: keys.copy },
  { id: 'hold', keys: 'h', text: steppingKeys.hold },
  { id: 'predict', keys: 'q', text: steppingKeys.predict },
  { id: 'presenter', keys: 'p', text: keys.presenter },
  { id: 'console', keys: 'g c', text: keys.console },
  { id: 'requests', keys: 'g r', text: keys.requests },
  { id: 'approve', keys: 'g a', text: keys.approve },
  { id: 'palette', keys: 'mod+k', text: keys.palette },
  { id: 'help', keys: '?', text: keys.help },
] as const satisfies ReadonlyArray<KeyEntry<string>>;

export type SequenceKey = (typeof sequenceKeys)[number]['id'];

const guessOf = (letter: string): string => steppingKeys.guess.replace('{letter}', letter);

/** Only while there is something to guess; then they stand over the others. */
export const guessKeys = [
  { id: 'guessA', keys: 'a', text: guessOf('A') },
  { id: 'guessB', keys: 'b', text: guessOf('B') },
  { id: 'guessC', keys: 'c', text: guessOf('C') },
  { id: 'guessD', keys: 'd', text: guessOf('D') },
] as const satisfies ReadonlyArray<KeyEntry<string>>;
