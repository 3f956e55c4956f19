// The texts of what every page of the app uses: controls, states, times, the content of a request. Each page adds its own
// catalogue beside this one, and loads no other page's. {name} is filled in by the caller, `code` and *strong* are set by
// ui/prose.tsx. Content that clients send never passes through here as a pattern.

/** Text for one and for several; more forms may be added per language (Intl.PluralRules). */
export interface PluralForms {
  one: string;
  other: string;
}

export const language = 'en';

export const sharedTexts = {
  app: {
    name: 'Assent',
    title: '{screen} · Assent',
    titleWithCount: '({count}) {screen} · Assent',
    loading: 'Loading',
    partMissing:
      'This part of the app could not be loaded. The server may be away, or have been replaced by a newer one.',
    broken: 'This page has failed. What was sent before is not lost.',
    reload: 'Load the page again',
    close: 'Close',
    copy: 'Copy',
    copyCommand: 'Copy command',
    copied: 'Copied.',
    copyFailed: 'The browser did not allow copying. Select the text instead.',
  },

  state: {
    pending: 'Waiting',
    approved: 'Approved',
    denied: 'Denied',
    expired: 'Expired',
    redeemed: 'Approved',
  },

  countdown: {
    timeLeft: 'Time left: {time}',
    left: 'left',
    oneMinute: 'One minute left.',
    twentySeconds: 'Twenty seconds left.',
  },

  content: {
    asksTo: '{who} asks to',
    asksYouTo: '{who} asks you to',
    asksFor: '{who} asks for',
    sameCode: 'The same code must be on the other screen',
    codeLabel: 'Code to compare',
    noCode:
      'No code came with this request, so there is nothing to compare. Approve only what you have just begun yourself.',
    newKind: 'New here',
    carried: 'Carried, not displayed',
    carriedCount: { one: '1 field', other: '{count} fields' } satisfies PluralForms,
    carriedWhy:
      'Guardian hides fields with `display: false`. Assent shows them, so nothing is approved unseen.',
    emptyText: 'empty text',
    nothing: 'no value',
    level: 'level {depth}',
  },

  mail: {
    frame: 'The message as it was sent',
  },
} as const;
