// What the pages of a developer share: the connection, the token of another computer, the palette, toasts. Patterns are written as
// in texts/shared.ts.

export const deskTexts = {
  granted: { struck_out: 'Struck out', chosen: 'Chosen' },

  connection: {
    connecting: 'connecting',
    live: 'live',
    reconnecting: 'reconnecting',
    stopped: 'stopped',
    token: 'waits for the token',
    lost: '*The server has not answered since {time}.*',
    lostLead: 'What you see is the last known state; nothing can be changed. To start it again:',
    start: 'assent start',
    retry: 'Try now',
    retrying: 'It is tried again every few seconds.',
    back: 'Connected again.',
    outdated: '*The server is of another version now ({version}).* Load this page again to go on with it.',
    reload: 'Load again',
  },

  token: {
    title: 'This server asks for its control token',
    lead: 'This page is open on another computer than the server, or the server asks everybody. Whoever has the token can decide for everybody and read every secret of the tenant.',
    label: 'Control token',
    hint: 'On the computer of the server: `server.json` of its data folder, member `control_token`. It is kept in this tab until you close it, and nowhere else.',
    wrong: 'The server did not take this token.',
    missing: 'Paste the token.',
    submit: 'Go on',
  },

  failure: {
    unreachable: 'The server could not be reached. Nothing was changed.',
    unreadable: 'The server gave an answer that this page cannot read. Load the page again.',
    status: 'The server answered with status {status}.',
  },

  toast: {
    region: 'Notices',
    undo: 'Undo',
    undoLead: 'Can be undone for ten seconds.',
    undone: 'Undone: {what}',
    dismiss: 'Dismiss',
    curl: 'Show as curl',
  },

  palette: {
    title: 'Go to, or do',
    label: 'Search pages, requests, people and commands',
    none: 'Nothing matches.',
    hint: '{keys} move, {enter} opens, {escape} closes.',
  },

  keys: {
    title: 'Keyboard shortcuts',
    off: 'Letter shortcuts are turned off in the settings.',
  },

  copy: {
    title: 'As curl',
    redacted: 'curl, without secrets',
    runnable: 'curl that runs, *with secrets*',
    failed: 'The browser did not allow copying. Select the text instead.',
    managementFirst: 'The token comes first; it is good for ten minutes.',
  },

  dialog: { close: 'Close' },
} as const;
