// What is not as usual inside the server: the clock, faults, rules, the pace of answers, and who is notified by what.
import { z } from 'zod';
import { APPROVER_API, CONTROL_API, type Device, peopleSchema } from '../../contract/index.ts';
import { formatDuration } from '../log-lines.ts';
import { showText } from '../output.ts';
import type { RunningServer } from '../running-server.ts';
import { type Finding, note, ok, wrong } from './finding.ts';

/** As much of GET /control/health as is judged here; a server of another version may say more, or less. */
const conditionSchema = z.looseObject({
  clock: z.looseObject({ now: z.string(), offset_ms: z.number() }).optional(),
  faults: z.array(z.looseObject({ id: z.string(), text: z.string() })).optional(),
  rules: z.looseObject({ count: z.int() }).optional(),
  quick_answers: z.looseObject({ on: z.boolean(), interval: z.number(), held_poll: z.number() }).optional(),
});

export async function judgeCondition({ transport }: RunningServer): Promise<Finding[]> {
  const condition = await transport.call({ path: `${CONTROL_API}/health` }, conditionSchema);
  const { clock, faults, rules, quick_answers: quick } = condition;
  return [
    ...(clock ? [judgeClock(clock)] : []),
    ...(faults ? [judgeFaults(faults)] : []),
    ...(rules && rules.count > 0
      ? [
          note('rules', `people answer by themselves: ${count(rules.count, 'rule')}`, [
            'assent rules   lists them',
          ]),
        ]
      : []),
    ...(quick?.on
      ? [
          note(
            'pace',
            `not Auth0’s: polls every ${quick.interval} s${quick.held_poll > 0 ? `, which wait up to ${quick.held_poll} s` : ''}`,
          ),
        ]
      : []),
  ];
}

function judgeClock({ now, offset_ms: offsetMs }: { now: string; offset_ms: number }): Finding {
  if (offsetMs === 0) return ok('clock', 'the tenant goes by the time of the computer');
  const by = formatDuration(Math.abs(offsetMs) / 1000);
  return wrong('clock', 'clock_moved', {
    found: `the clock of the tenant was put ${offsetMs > 0 ? 'forward' : 'back'} by ${by}; it says ${now}`,
    expected: 'the time of the computer, by which other programs judge tokens',
    type: ['POST /control/reset, or a new start: the clock goes forwards only'],
  });
}

function judgeFaults(faults: ReadonlyArray<{ id: string; text: string }>): Finding {
  if (faults.length === 0) return ok('faults', 'nothing fails on purpose');
  return wrong('faults', 'fault_active', {
    found: `${count(faults.length, 'fault')} on purpose: ${faults.map(({ id, text }) => `${id} (${showText(text)})`).join('; ')}`,
    expected: 'none, unless a test has injected it',
    type: ['assent faults clear'],
  });
}

const WAYS: Readonly<Record<Exclude<Device['push'], 'lost'>, string>> = {
  none: 'is notified by nothing',
  'web-push': 'is notified by web push',
  relay: 'is notified while its page is open',
};

/** More devices than this are counted and not told one by one. */
const MOST_DEVICES = 20;

export async function judgeDevices({ transport, control }: RunningServer): Promise<Finding[]> {
  const { people } = await transport.call({ path: `${APPROVER_API}/people` }, peopleSchema);
  const owners = people.filter((person) => person.devices > 0);
  const findings: Finding[] = [];
  const ways = new Map<string, number>();
  for (const owner of owners) {
    for (const device of await control.devices(owner.user_id)) {
      ways.set(device.push, (ways.get(device.push) ?? 0) + 1);
      if (findings.length < MOST_DEVICES || device.push === 'lost') findings.push(judgeDevice(device));
    }
  }
  const total = [...ways.values()].reduce((sum, each) => sum + each, 0);
  if (total === 0) {
    return [
      note('devices', 'nobody has a device, so nobody can be asked by push', [
        'assent browser chromium, or pair one in the approver app',
      ]),
    ];
  }
  if (total <= MOST_DEVICES) return findings;
  const counts = [...ways].map(([way, number]) => `${number} ${way}`).join(', ');
  return [
    note('devices', `${total} devices: ${counts}`),
    ...findings.filter(({ state }) => state === 'wrong'),
  ];
}

function judgeDevice({ name, user_name: owner, push, can_answer: canAnswer, status }: Device): Finding {
  const who = `${showText(name)} of ${showText(owner)}`;
  if (push === 'lost') {
    return wrong('device', 'device_lost', {
      found: `${who} was given up by its push service`,
      expected: 'a subscription that its push service takes messages for',
      type: ['open the approver app on it, Settings, Notifications'],
    });
  }
  if (status === 'pending') return note('device', `${who} waits to be paired`);
  if (!canAnswer && push === 'none')
    return note('device', `${who} is of the tenant file: it counts as enrolled, and answers nothing`);
  return push === 'none'
    ? note('device', `${who} ${WAYS[push]} while its page is closed`)
    : ok('device', `${who} ${WAYS[push]}`);
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
