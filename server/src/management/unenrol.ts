// How an enrolment ends by the Management API. The device is told and nothing is pushed there any more; what waits for its
// person can be answered by their other devices.
import type { EnrolledDevice } from '../tenant/index.ts';
import type { ManagementCall } from './management-call.ts';

/** Nobody minds an enrolment that is gone already. */
export async function unenrol({ tenant }: ManagementCall, device: EnrolledDevice): Promise<void> {
  if (!(await tenant.devices.remove(device.id))) return;
  tenant.log.append({
    type: 'device.removed',
    user_id: device.userId,
    user_name: tenant.directory.user(device.userId)?.name ?? device.userId,
    device: device.name,
  });
}

export async function unenrolAll(call: ManagementCall, userId: string): Promise<void> {
  for (const device of await call.tenant.devices.of(userId)) await unenrol(call, device);
}
