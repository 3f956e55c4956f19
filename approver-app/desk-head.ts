// What stands in the head of each page of a developer, in place of `<!-- desk-head -->`.
import type { Plugin } from 'vite';

const HEAD = `<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <meta name="theme-color" content="#f2f3f0" media="(prefers-color-scheme: light)" />
    <meta name="theme-color" content="#0e1213" media="(prefers-color-scheme: dark)" />
    <meta name="referrer" content="no-referrer" />
    <link rel="icon" href="/icons/favicon.svg" type="image/svg+xml" />
    <link rel="icon" href="/icons/favicon-32.png" sizes="32x32" type="image/png" />`;

export function fillDeskHead(): Plugin {
  return {
    name: 'desk-head',
    transformIndexHtml: { order: 'pre', handler: (page) => page.replace('<!-- desk-head -->', HEAD) },
  };
}
