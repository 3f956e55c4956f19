// The report as a page: docs/reference/conformance.md. Pure: the same findings give the same text.
import type { Profile } from '../lab/clients.ts';
import { type Finding, type Outcome, PROFILES, type Result } from './results.ts';

const RESULTS: readonly Result[] = ['pass', 'deviates', 'not applicable', 'fail'];
const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;
const NAMES: Readonly<Record<Profile, string>> = { standard: '`standard`', auth0: '`auth0`' };

export function writePage(findings: readonly Finding[]): string {
  return `<!-- Written by \`pnpm test:conformance\` (conformance/report/page.ts). Do not edit. -->

# Conformance

${findings.length} requirements of CIBA Core 1.0, FAPI-CIBA, RFC 9396 and the specifications around them, each checked from outside
against a started server: over HTTP, with clients, certificates, callbacks, devices and a push service of the suite's own. A
requirement's test is titled by its id and runs in each [profile](profiles.md) in which it holds. The catalogue, with how each
is checked, is \`conformance/requirements.json\`; the same results for programs are in \`conformance/report.json\`.

\`\`\`
pnpm test:conformance                                        all of it; writes this page
pnpm exec vitest run --project conformance chapters/ciba-11  one chapter
\`\`\`

${summary(findings)}

_Deviates_: the profile does something else on purpose, and that is what is tested. _Not applicable_: there is nothing to check.

${failures(findings)}

## Deviations

${deviations(findings)}

## Not applicable

${notApplicable(findings)}

## Requirement by requirement

${chapters(findings)}
`;
}

function summary(findings: readonly Finding[]): string {
  const rows = PROFILES.flatMap((profile) =>
    LEVELS.map((level) => {
      const of = findings.filter(({ requirement }) => requirement.level === level);
      const counts = RESULTS.map((result) => count(of, profile, result));
      return `| ${NAMES[profile]} | ${level} | ${of.length} | ${counts.join(' | ')} |`;
    }),
  );
  return [
    '| Profile | Level | Requirements | Pass | Deviates | Not applicable | Fail |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function count(findings: readonly Finding[], profile: Profile, result: Result): number {
  return findings.filter(({ outcomes }) => outcomes[profile].result === result).length;
}

function failures(findings: readonly Finding[]): string {
  const failed = inProfiles(findings, 'fail');
  if (failed.length === 0) return 'Nothing fails.';
  return [
    '## Failures',
    '',
    ...failed.map(({ finding, profile, outcome }) =>
      `- **${finding.requirement.id}**, ${NAMES[profile]}: ${finding.requirement.text} ${outcome.reason ?? ''}`.trim(),
    ),
  ].join('\n');
}

function deviations(findings: readonly Finding[]): string {
  const rows = inProfiles(findings, 'deviates').map(({ finding: { requirement }, profile, outcome }) =>
    row([requirement.id, NAMES[profile], requirement.text, outcome.behaviour ?? '', outcome.reason ?? '']),
  );
  if (rows.length === 0) return 'None.';
  return [
    row(['Id', 'Profile', 'Requirement', 'What is done instead', 'Why']),
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function notApplicable(findings: readonly Finding[]): string {
  const byReason = new Map<string, string[]>();
  for (const { finding, profile, outcome } of inProfiles(findings, 'not applicable')) {
    const key = row([NAMES[profile], outcome.reason ?? '']);
    byReason.set(key, [...(byReason.get(key) ?? []), finding.requirement.id]);
  }
  const rows = [...byReason].map(([key, ids]) => `${key} ${ids.join(', ')} |`);
  return ['| Profile | Why | Requirements |', '|---|---|---|', ...rows].join('\n');
}

function inProfiles(findings: readonly Finding[], result: Result) {
  return findings.flatMap((finding) =>
    PROFILES.map((profile) => ({ finding, profile, outcome: finding.outcomes[profile] as Outcome })).filter(
      ({ outcome }) => outcome.result === result,
    ),
  );
}

/** One table for each specification, in the order of the catalogue. */
function chapters(findings: readonly Finding[]): string {
  const sources = new Map<string, Finding[]>();
  for (const finding of findings) {
    const source = finding.requirement.source.split(/ §|,| via | with | \(/)[0] ?? '';
    sources.set(source, [...(sources.get(source) ?? []), finding]);
  }
  return [...sources]
    .map(([source, own]) =>
      [
        `### ${source}`,
        '',
        row(['Id', 'Level', 'Requirement', ...PROFILES.map((profile) => NAMES[profile])]),
        '|---|---|---|---|---|',
        ...own.map(({ requirement, outcomes }) =>
          row([
            requirement.id,
            requirement.level,
            requirement.text,
            ...PROFILES.map((profile) => outcomes[profile].result),
          ]),
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
