// docs/benchmarks.md: what was compared, how, what is not like for like, and the tables. Pure.
import { formatMachine } from '../machine.ts';
import type { Figures, Taken } from './figures.ts';
import {
  formatDrift,
  formatNotification,
  formatPending,
  formatRates,
  formatStarts,
  formatWatchers,
} from './tables.ts';

export function formatPage(figures: Figures): string {
  const { start, clientCredentials, cycles, pending, drift, watchers, notification } = figures;
  return [
    INTRODUCTION,
    ...section(cycles, 'Full CIBA cycles', CYCLES, (taken) =>
      formatRates(taken, 'cycles', 'bare oidc-provider'),
    ),
    ...section(clientCredentials, 'Client credentials', OWN_TOKENS, (taken) =>
      formatRates(taken, 'tokens', 'oauth2-mock-server'),
    ),
    ...section(start, 'Starts', STARTS, formatStarts),
    ...section(pending, 'Many requests that wait', PENDING, (taken) => formatPending(taken.pending)),
    ...section(drift, 'Many cycles one after another', DRIFT, (taken) => formatDrift(taken.drift)),
    ...section(watchers, 'While others watch', WATCHERS, (taken) => formatWatchers(taken.watched)),
    ...section(notification, 'From the question to the token', NOTIFICATION, formatNotification),
  ].join('\n');
}

function section<T extends Taken>(
  taken: T | undefined,
  title: string,
  words: string,
  format: (taken: T) => string,
): string[] {
  return taken === undefined ? [] : [`## ${title}`, '', words, '', format(taken), '', describe(taken), ''];
}

function describe(taken: Taken): string {
  const { rounds, versions, isPacked } = taken;
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const how = isPacked ? 'installed by npm from its package' : 'as built in the workspace';
  return `${rounds} rounds. ${formatMachine(taken)} ${names.join(', ')}; Assent ${how}.`;
}

const INTRODUCTION = `<!-- Written by \`pnpm bench compare --write\`. Edits will be lost. -->

# Beside other servers

\`pnpm bench compare\` starts the servers on this computer and asks them over plain HTTP from a second process. Every round has a
short slice of each case at each server, those that are compared right after each other and in an order that changes, so that what
else the computer does meets all of them; ratios are taken pair by pair. A value is the median, its quartiles in parentheses. A wrong
or missing answer ends the run where it is Assent’s, and has its place in the table where it is another server’s, which has no figures
there: every answer is read, every token is looked into, and the first one of each slice is verified with the published keys.

Where the processor is shared, as on most computers, rates say more about the neighbours than about the server. *CPU ms* is what the
process of the server, with all of its threads, took of the processor for one operation; that survives neighbours best.

| | what it is here |
| --- | --- |
| **Assent** | its own command with \`--http\`; everything on that is on by default: trace, checks of \`authorization_details\`, pacing, notifications, the memory store, a line on stderr for each event. Off: the three limits \`requests_per_minute_per_user\`, \`requests_per_minute_per_tenant\` and \`pending_requests_per_tenant\` |
| **bare oidc-provider** | 140 lines around the library that Assent is built on: the same keys, clients, claims and details, one \`Map\`, nothing checked beyond what the library checks, an address that approves for anybody ([source](../bench/compare/peers/bare-provider.mjs)) |
| **oauth2-mock-server** | its own command, with the key of the others instead of one that it makes at each start |
| **Glewlwyd** | Debian’s package with SQLite on disk, its default; left out where it is not installed |

What a server says goes to a file, as in CI.

What is not like for like:

- Bare oidc-provider is a floor, not a product: it keeps no story, limits no pace, tells nobody of a request and lets anybody decide.
- oauth2-mock-server has no CIBA and asks clients for nothing: no secret, no grant, no audience that it knows.
- Glewlwyd writes each step to the disk before it answers, asks for the session of a person who has logged in, hands out a refresh
  token as well and reads no \`authorization_details\` here. Its cycle takes one call more, since people find a request in their list. It is
  asked over at most 8 connections, and once more after a pause where its database is taken, as it is more often with more of them.
- The profiles differ: with RS256 Assent answers as Auth0 does, with ES256 and EdDSA, which Auth0 does not sign with, as the
  standards say.
- The asking process shares the processor with the server; what it takes is in \`bench/compare/results.json\`.
`;

const CYCLES = `Authorize with one object of \`authorization_details\`, poll in vain, approve, redeem: an access token (JWT) that carries the details
and an ID token, both signed with the algorithm named. Each connection has one call in flight and a person of its own.`;

const OWN_TOKENS = 'A token (JWT, RS256) for the client itself.';

const STARTS = `From the start of the process until discovery names the right issuer over a new connection, asked every 2 ms; and, in a start of its own,
until a first cycle has ended in a verified token, or one by client credentials where there is no CIBA. Assent in memory answers discovery
and its public keys as soon as it has checked its configuration and its keys, in the same words as later on; the rest is loaded
meanwhile, and whoever asks for it is held until it is there, which the time to the first token has in it. Memory (RSS) is that of a
server which has answered nothing but discovery, a second later. People start Assent with https and the bank that comes with it; the
first time it also makes keys and certificates.`;

const PENDING = `One connection polls, each time another request, while so many wait, in servers that stand side by side. Assent has an interval of 1 ms
between polls here, so that none of them is too early.`;

const DRIFT = `Cycles over 8 connections, RS256, in stretches of which the servers take turns. *First* is the first stretch, when no code is warm yet;
*after a tenth* and *at the end* are the median of a tenth of all stretches. Memory (RSS) is that of the first stretch, after a tenth, after a
half and at the end; beside it, what it is at the end over what it was after a tenth. *The heap* is what V8 has left of it the last time
that it looked through all of it, which it does on its own; what lies about until then counts in the memory alone.`;

const WATCHERS = `Cycles over 8 connections, RS256, with and without readers of \`GET /control/events\`. Each of them must get every event in order.`;

const NOTIFICATION = `A browser that is paired with the person follows its inbox, gets the request, reads what to sign, signs and answers, while the agent’s poll
is held, as with \`--quick-answers\`.`;
