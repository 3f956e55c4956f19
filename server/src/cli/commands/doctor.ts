// `assent doctor`: looks at the server from where it is typed, and says of each thing what it found, what it expected and what
// to type. Changes nothing.
import { setTimeout as delay } from 'node:timers/promises';
import type { StartSetting } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import type { CommandContext } from '../context.ts';
import { judgeDevices } from '../doctor/device-findings.ts';
import { type Finding, note, wrong } from '../doctor/finding.ts';
import { judgeIssuer, readExpectedIssuer } from '../doctor/issuer-findings.ts';
import { exitCodeOfFindings, formatFinding } from '../doctor/report.ts';
import { findServer, type Whereabouts } from '../doctor/server-findings.ts';
import { formatSettings, readSettings, type Setting } from '../doctor/settings.ts';
import { judgeCondition } from '../doctor/tenant-findings.ts';
import { judgeTrust } from '../doctor/trust-findings.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findRunningServer } from '../running-server.ts';
import { watchSignals } from '../signals.ts';

export interface DoctorFlags {
  /** Seconds; true for the usual time. */
  wait?: number | true;
  issuer?: string;
  dataFolder?: string;
  format: 'text' | 'json';
}

const USUAL_WAIT_SECONDS = 30;

export async function runDoctor(flags: DoctorFlags, context: CommandContext): Promise<ExitCode> {
  const expected = readExpectedIssuer(checkIssuer(flags.issuer), context);
  const place =
    flags.wait === undefined
      ? await findServer(context, flags.dataFolder)
      : await waitForServer(flags.wait === true ? USUAL_WAIT_SECONDS : flags.wait, flags, context);
  const findings = [...place.findings];
  let settings: Setting[] = [];
  // Who waits wants to know whether it is there, and nothing else: a script goes on when it is.
  if (flags.wait === undefined && place.assent) {
    const server = place.isUsable ? await findRunningServer(context, flags) : undefined;
    // First what is so on purpose: it explains much of what follows.
    if (server) findings.push(...(await judgeCondition(server)));
    if (server || place.hasOtherName) findings.push(...(await judgeTrust(place, context)));
    findings.push(...(await judgeIssuer({ place, issuer: place.assent.issuer, expected })));
    if (server) {
      try {
        findings.push(...(await judgeDevices(server)));
        settings = await readSettings(server, settingsOf(place));
      } catch (error) {
        findings.push(explainRefusal(error, context));
      }
    }
  }
  tell({ findings, settings }, flags, context);
  return flags.wait !== undefined && place.isUsable ? EXIT.fine : exitCodeOfFindings(findings);
}

function checkIssuer(issuer: string | undefined): string | undefined {
  if (issuer === undefined || /^https?:$/.test(URL.parse(issuer)?.protocol ?? '')) return issuer;
  throw new Problem('usage', `Received the issuer "${issuer}", expected https://HOST[:PORT]/.`, {
    hint: 'assent doctor --issuer https://auth0.test/',
  });
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** Looks again until it is ready, or the time is over. */
async function waitForServer(
  seconds: number,
  { dataFolder }: DoctorFlags,
  context: CommandContext,
): Promise<Whereabouts> {
  const { signal } = watchSignals(context.env);
  const until = performance.now() + seconds * 1000;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const place = await findServer(context, dataFolder);
    const leftMs = until - performance.now();
    if (place.isUsable || leftMs <= 0 || signal.aborted) return place;
    await delay(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
  }
}

/** Off its own computer the control API wants a token, which its readiness does not. */
function explainRefusal(error: unknown, { env }: CommandContext): Finding {
  if (!(error instanceof Problem) || error.code !== 'control_token_invalid') throw error;
  const type = ['export ASSENT_CONTROL_TOKEN=…   # with the control_token of server.json in its data folder'];
  if (!env['ASSENT_CONTROL_TOKEN'])
    return note(
      'inside',
      'devices and configuration were not looked at, for the control API wants its token',
      type,
    );
  return wrong('inside', 'token_refused', {
    found: 'the control API refuses the token of ASSENT_CONTROL_TOKEN',
    expected: 'the token that the server was started with',
    type,
  });
}

/** A run file tells of its own server alone. */
function settingsOf({ runFile, url }: Whereabouts): readonly StartSetting[] | undefined {
  return runFile?.run.url === url ? runFile.run.settings : undefined;
}

interface Diagnosis {
  findings: readonly Finding[];
  settings: readonly Setting[];
}

function tell(
  { findings, settings }: Diagnosis,
  { format }: DoctorFlags,
  { terminal, commandName }: CommandContext,
): void {
  if (format === 'json') {
    terminal.data(JSON.stringify({ findings, settings }));
    return;
  }
  for (const finding of findings)
    terminal.data(formatFinding(named(finding, commandName), terminal.paintData, terminal.columns));
  if (settings.length > 0) terminal.data(`\n${formatSettings(settings, terminal.paintData)}`);
}

/** What to type says `assent …`; inside a clone that is `npx assent …`. */
function named({ type, ...finding }: Finding, commandName: string): Finding {
  return type === undefined
    ? finding
    : { ...finding, type: type.map((line) => line.replace(/(^|\s)assent(?=\s|$)/g, `$1${commandName}`)) };
}
