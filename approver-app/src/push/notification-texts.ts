// The English texts of notifications that this browser words itself; the rest of what they say comes from the server. Apart
// from texts.ts, which the service worker would carry along as a whole.

export const notificationTexts = {
  actions: { approve: 'Approve', deny: 'Deny' },
  /** What became of an answer that was given on the notification. `{name}` and `{what}` are filled in. */
  answers: {
    approved: { title: 'You approved {name}', body: '{what}' },
    denied: { title: 'You denied {name}', body: '{what}' },
    alreadyApproved: {
      title: '{name} was approved before',
      body: '{what}. Your answer changed nothing. Open to see.',
    },
    alreadyDenied: {
      title: '{name} was denied before',
      body: '{what}. Your answer changed nothing. Open to see.',
    },
    expired: { title: '{name} has expired', body: '{what}. Your answer came too late. Open to see.' },
    different: {
      title: '{name}: nothing was decided',
      body: 'It is not what this notification said. Open to see.',
    },
    refused: { title: '{name}: nothing was decided', body: 'The server refused the answer. Open to see.' },
    unknown: {
      title: '{name}: nothing was decided',
      body: 'Nobody who is paired in this browser can answer it. Open to see.',
    },
    unread: { title: '{name}: nothing was decided', body: 'The server could not be reached. Open to see.' },
    uncertain: {
      title: '{name}: it is not certain that your answer arrived',
      body: 'Only the first answer counts. Open to see.',
    },
  },
} as const;
