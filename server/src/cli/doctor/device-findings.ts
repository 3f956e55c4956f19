// Who is notified by what: each device, the way by which it is reached, and whether the last that was sent arrived.
import { APPROVER_API, type Device, peopleSchema } from '../../contract/index.ts';
import { showText } from '../output.ts';
import type { RunningServer } from '../running-server.ts';
import { type Finding, note, ok, wrong } from './finding.ts';

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
  const pushes = await readPushes(control);
  const findings: Finding[] = [];
  const ways = new Map<string, number>();
  for (const owner of owners) {
    for (const device of await control.devices(owner.user_id)) {
      ways.set(device.push, (ways.get(device.push) ?? 0) + 1);
      findings.push(judgeDevice(device, pushes.get(keyOf(device.user_id, device.name))));
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

function judgeDevice(device: Device, last: Push | undefined): Finding {
  const { name, user_name: owner, push, can_answer: canAnswer, status } = device;
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
  if (push === 'none') return note('device', `${who} ${WAYS[push]} while its page is closed`);
  if (last === undefined) return ok('device', `${who} ${WAYS[push]}; nothing was sent to it yet`);
  if (last.failure === undefined) return ok('device', `${who} ${WAYS[push]}, last ${last.request}`);
  return wrong('device', 'push_failed', {
    found: `${who} ${WAYS[push]}, and was not told of ${last.request}: ${showText(last.failure)}`,
    expected: 'its push service takes what is sent to it',
    type: [`assent watch --request ${last.request}   # tells what became of it`],
  });
}

/** The last that was sent to a device. */
interface Push {
  /** Short name of the request. */
  request: string;
  /** Why it did not arrive; undefined if it did. */
  failure: string | undefined;
}

/** As far back as is looked. */
const MOST_EVENTS = 2_000;

/** By person and name of the device, for that is how the trace knows one. */
async function readPushes(control: RunningServer['control']): Promise<Map<string, Push>> {
  const { events } = await control.story({ before: Number.MAX_SAFE_INTEGER, limit: MOST_EVENTS });
  const owners = new Map<string, string>();
  const pushes = new Map<string, Push>();
  const keep = (approval: string, device: string | undefined, push: Push): void => {
    const owner = owners.get(approval);
    if (owner !== undefined && device !== undefined) pushes.set(keyOf(owner, device), push);
  };
  for (const event of events) {
    if (event.type === 'request.received') owners.set(event.approval, event.user_id);
    const isPush = 'channel' in event && event.channel === 'push';
    if (event.type === 'notification.delivered' && isPush)
      keep(event.approval, event.device, { request: event.name, failure: undefined });
    if (event.type === 'notification.failed' && isPush)
      keep(event.approval, event.to, { request: event.name, failure: event.why });
  }
  return pushes;
}

function keyOf(userId: string, deviceName: string): string {
  return JSON.stringify([userId, deviceName]);
}
