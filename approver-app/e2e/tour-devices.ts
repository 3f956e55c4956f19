// The part of the tour that is about devices: joining by a link, names, notifications.
import type { RunningAssent } from 'assent';
import type { TenantConfigInput } from 'assent/contract';
import type { Agent } from './agent.ts';
import { GRACE } from './tenant.ts';
import { type ApproverApp, expect } from './world.ts';

export interface Tourist {
  app: ApproverApp;
  agent: Agent;
  assent: RunningAssent;
}

export interface Stop {
  /** Also the name of the picture. */
  name: string;
  /** Of the server, where the usual one has no such screen. */
  config?: TenantConfigInput;
  show(tourist: Tourist): Promise<void>;
}

export const deviceTour: readonly Stop[] = [
  {
    name: 'devices',
    show: async ({ app }) => {
      await app.pair();
      await app.open('devices/pair');
      await expect(app.page.getByTestId('pairing-code')).toBeVisible();
      await app.page.getByRole('link', { name: 'Devices' }).click();
      await expect(app.page.getByText('Waits until a browser uses')).toBeVisible();
    },
  },
  {
    name: 'rename',
    show: async ({ app }) => {
      await app.pair();
      await app.open('devices');
      await app.page.getByRole('listitem').filter({ hasText: 'This browser' }).getByText('Rename').click();
      await expect(app.page.getByRole('dialog').getByLabel('Name')).toBeFocused();
    },
  },
  {
    name: 'pair-phone',
    show: async ({ app }) => {
      await app.pair();
      await app.open('devices/pair');
      await expect(app.page.getByTestId('pairing-code')).toBeVisible();
    },
  },
  {
    name: 'phone-instructions',
    show: async ({ app, assent }) => {
      await app.page.goto(`${assent.url}/ca`);
      await expect(app.heading).toHaveText('Make this device trust this server');
      await app.page.locator('details').evaluateAll((platforms) => {
        for (const platform of platforms) platform.setAttribute('open', '');
      });
    },
  },
  {
    name: 'pair-phone-cancelled',
    show: async ({ app }) => {
      await app.pair();
      await app.open('devices/pair');
      await expect(app.page.getByTestId('pairing-code')).toBeVisible();
      const other = await app.page.context().newPage();
      await other.goto(app.page.url().replace('/pair', ''));
      await other.getByRole('button', { name: 'Cancel New device' }).click();
      await expect(app.heading).toHaveText('The code was cancelled');
    },
  },
  {
    name: 'enrol',
    show: async ({ app }) => {
      await app.pair();
      await app.page.goto(await app.makePairingLink());
      await expect(app.page.getByTestId('pairing-code')).toBeVisible();
    },
  },
  {
    name: 'enrol-not-good',
    show: async ({ app }) => {
      await app.open(`#ticket=gten_${'a'.repeat(32)}`);
      await expect(app.heading).toHaveText('This pairing link is not good any more');
    },
  },
  {
    name: 'enrol-refused',
    show: async ({ app }) => {
      await app.pair();
      await app.page.goto(await app.makePairingLink());
      await app.page.getByRole('button', { name: 'This is not the code I see' }).click();
      await expect(app.heading).toHaveText('Nothing was paired');
    },
  },
  {
    name: 'notifications',
    show: async ({ app }) => {
      await app.pair();
      await app.open('notifications');
      await expect(app.page.getByRole('button', { name: 'Ask for permission' })).toBeVisible();
    },
  },
  {
    name: 'notifications-relay',
    show: async ({ app }) => {
      await app.pair();
      await app.turnOnNotifications();
      await expect(app.heading).toHaveText('Notifications are on');
    },
  },
  {
    name: 'notifications-blocked',
    show: async ({ app }) => {
      await app.page.addInitScript(() => {
        Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
      });
      await app.pair();
      await app.open('notifications');
      await expect(app.heading).toHaveText('Notifications are blocked');
    },
  },
  {
    name: 'notifications-untrusted',
    show: async ({ app }) => {
      await app.page.addInitScript(() => {
        const refuse = () => Promise.reject(new DOMException('', 'SecurityError'));
        Object.defineProperty(ServiceWorkerContainer.prototype, 'register', { value: refuse });
      });
      await app.pair();
      await app.open('notifications');
      await expect(app.page.getByRole('link', { name: 'How to trust this server' })).toBeVisible();
    },
  },
  {
    name: 'notifications-iphone',
    show: async ({ app }) => {
      await app.page.addInitScript(() => {
        Object.defineProperty(navigator, 'userAgent', { get: () => 'Mozilla/5.0 (iPhone)' });
        Reflect.deleteProperty(window, 'Notification');
      });
      await app.pair();
      await app.open('notifications');
      await expect(app.page.getByText('Add to Home Screen')).toBeVisible();
    },
  },
  {
    name: 'inbox-relay',
    show: async ({ app, agent }) => {
      await app.pair();
      await app.turnOnNotifications();
      await expect(app.heading).toHaveText('Notifications are on');
      await agent.ask();
      await app.open();
      await expect(app.page.getByText('Notifications come only while')).toBeVisible();
    },
  },
  {
    name: 'enrolment-ticket',
    show: async ({ app, assent }) => {
      const { ticket } = await assent.control.inviteBrowser(GRACE);
      await app.page.goto(`${assent.url}/guardian/enroll?ticket=${ticket}`);
      await app.page.getByText('An app that uses the Guardian SDK').click();
      await expect(app.page.getByRole('img', { name: /^Enrolment for an app/ })).toBeVisible();
    },
  },
  {
    name: 'enrolment-ticket-not-good',
    show: async ({ app, assent }) => {
      await app.page.goto(`${assent.url}/guardian/enroll?ticket=gten_used`);
      await expect(app.heading).toHaveText('This link enrols nobody any more');
    },
  },
];
