// A server with an agent and the phones of its people.

import { GuardianDevice, type Platform } from '../../src/guardian-device/guardian-device.ts';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';

export interface GuardianWorld extends AsyncDisposable {
  assent: RunningAssent;
  agent: Agent;
  clock: ManualClock;
  enrol(userId: string, platform: Platform): Promise<GuardianDevice>;
}

export async function openGuardianWorld(): Promise<GuardianWorld> {
  const clock = createManualClock(Date.now());
  const assent = await startAssent({ clock, config: unlimitedBank() });
  const devices: GuardianDevice[] = [];
  return {
    assent,
    agent: new Agent(assent),
    clock,
    async enrol(userId, platform) {
      const { barcode_uri: barcodeUri } = await assent.control.inviteBrowser(userId);
      const device = await GuardianDevice.enrol({ barcodeUri, platform, ca: assent.ca, clock });
      devices.push(device);
      return device;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(devices.map((device) => device.close()));
      await assent.close();
    },
  };
}
