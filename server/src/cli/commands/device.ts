// `assent device`: plays a phone with a Guardian app. Enrols it for a person, shows what each push asks, answers, and ends the
// enrolment when it is stopped.
import { createInterface, type Interface } from 'node:readline/promises';
import {
  type GuardianConsent,
  GuardianDevice,
  GuardianRefusal,
  type Platform,
} from '../../guardian-device/guardian-device.ts';
import { Problem } from '../../problem.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Format, showText } from '../output.ts';
import { findPerson } from '../person.ts';
import { findRunningServer } from '../running-server.ts';
import { watchSignals } from '../signals.ts';

type DeviceAnswer = 'ask' | 'approve' | 'deny' | 'nothing';

export interface DeviceFlags {
  user?: string;
  platform: Platform;
  answer?: DeviceAnswer;
  once?: boolean;
  dataFolder?: string;
  format: Format;
}

const PLATFORM_NAMES: Readonly<Record<Platform, string>> = { ios: 'iPhone', android: 'Android phone' };

export async function runDevice(flags: DeviceFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const answer = flags.answer ?? (terminal.isInteractive ? 'ask' : undefined);
  if (answer === undefined || (answer === 'ask' && !terminal.isInteractive)) {
    throw new Problem('usage', 'Nobody sits here who could be asked what to answer.', {
      hint: 'Say it beforehand: assent device --answer approve',
    });
  }
  const stopping = watchSignals(context.env);
  const server = await findRunningServer(context, flags);
  const person = await findPerson(server.transport, flags.user);
  const { barcode_uri: barcodeUri } = await server.control.inviteBrowser(person.user_id);
  const platform = flags.platform;
  const phone = await GuardianDevice.enrol({
    barcodeUri,
    platform,
    ca: server.ca,
    name: `${PLATFORM_NAMES[platform]} of assent device`,
  });
  const tell = (line: string, data: object): void => {
    if (flags.format === 'text') terminal.note(line);
    else terminal.data(JSON.stringify(data));
  };
  try {
    tell(
      `\n  ${PLATFORM_NAMES[platform]} of ${showText(person.name)} is enrolled (${phone.id}). Ctrl-C ends that.\n`,
      {
        event: 'enrolled',
        device: phone.id,
        user_id: phone.userId,
      },
    );
    do await answerNext(phone, answer, { tell, context, signal: stopping.signal });
    while (!flags.once);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    await phone.unenrol().catch(() => phone.close());
  }
  return EXIT.fine;
}

interface Surroundings {
  tell(line: string, data: object): void;
  context: CommandContext;
  signal: AbortSignal;
}

async function answerNext(
  phone: GuardianDevice,
  answer: DeviceAnswer,
  surroundings: Surroundings,
): Promise<void> {
  const { tell, context, signal } = surroundings;
  const push = await phone.nextPush({ signal });
  const consent = await phone.readConsent(push);
  tell(describeConsent(consent, context), { event: 'asked', consent });
  const decision = answer === 'ask' ? await askPerson(signal) : answer;
  if (decision === 'nothing') return;
  try {
    if (decision === 'approve') await phone.allow(push);
    else await phone.reject(push);
    const outcome = decision === 'approve' ? 'approved' : 'denied';
    tell(`  ${context.terminal.paintNote(decision === 'approve' ? 'good' : 'bad', outcome)}\n`, {
      event: 'answered',
      consent: consent.id,
      outcome,
    });
  } catch (error) {
    if (!(error instanceof GuardianRefusal)) throw error;
    tell(`  ${context.terminal.paintNote('bad', showText(error.message))}\n`, {
      event: 'refused',
      consent: consent.id,
      code: error.errorCode,
    });
  }
}

function describeConsent(
  { requested_details: asked }: GuardianConsent,
  { terminal }: CommandContext,
): string {
  const details = asked.authorization_details ?? [];
  return [
    `  ${terminal.paintNote('code', ` ${showText(asked.binding_message)} `)}  for ${showText(asked.audience)}`,
    ...(asked.scope ? [`  scope ${showText(asked.scope.join(' '))}`] : []),
    ...details.map((detail) => `  ${showText(JSON.stringify(detail))}`),
  ].join('\n');
}

async function askPerson(signal: AbortSignal): Promise<'approve' | 'deny' | 'nothing'> {
  const lines: Interface = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const typed = (await lines.question('  approve, deny or nothing? ', { signal })).trim().toLowerCase();
      const [choice] = (['approve', 'deny', 'nothing'] as const).filter(
        (one) => typed !== '' && one.startsWith(typed),
      );
      if (choice) return choice;
    }
  } finally {
    lines.close();
  }
}
