// The shortcuts of the approver app, in one list: it drives the keys, the help and docs/reference/keys.md, whose script can read no
// component.
import { texts } from './texts/phone.ts';

export const shortcuts = [
  { id: 'next', key: 'j', shown: 'J', text: texts.shortcuts.next },
  { id: 'previous', key: 'k', shown: 'K', text: texts.shortcuts.previous },
  { id: 'approve', key: 'a', shown: 'A', text: texts.shortcuts.approve },
  { id: 'deny', key: 'd', shown: 'D', text: texts.shortcuts.deny },
  { id: 'help', key: '?', shown: '?', text: texts.shortcuts.help },
] as const;

/** Keys that the browser and the dialogs bring along; listed, so that the help is complete. */
export const builtInKeys = [
  { id: 'open', shown: 'Enter', text: texts.shortcuts.open },
  { id: 'escape', shown: 'Esc', text: texts.shortcuts.escape },
] as const;
