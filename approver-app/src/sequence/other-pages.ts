// The ways from the sequence view of a server to its other pages.

export const OTHER_PAGES = {
  console: () => window.location.assign('/console'),
  requests: () => window.location.assign('/console/requests'),
  approve: () => window.location.assign('/approve/'),
};
