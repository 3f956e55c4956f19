// The shortcuts of the sequence view, in one list: it drives the keys, the help and the palette.
import type { KeyEntry } from '../desk/keys.ts';
import { sequenceTexts } from '../texts/sequence.ts';

const { keys } = sequenceTexts;

export const sequenceKeys = [
  { id: 'next', keys: '→', text: keys.next },
  { id: 'previous', keys: '←', text: keys.previous },
  { id: 'first', keys: 'Home', text: keys.first },
  { id: 'last', keys: 'End', text: keys.last },
  { id: 'play', keys: 'Space', text: keys.play },
  { id: 'unfold', keys: 'x', text: keys.unfold },
  { id: 'copy', keys: 'c', text: keys.copy },
  { id: 'presenter', keys: 'p', text: keys.presenter },
  { id: 'console', keys: 'g c', text: keys.console },
  { id: 'requests', keys: 'g r', text: keys.requests },
  { id: 'approve', keys: 'g a', text: keys.approve },
  { id: 'help', keys: '?', text: keys.help },
] as const satisfies ReadonlyArray<KeyEntry<string>>;

export type SequenceKey = (typeof sequenceKeys)[number]['id'];
