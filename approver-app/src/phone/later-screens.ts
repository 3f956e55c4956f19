// The screens beside the inbox and the requests, each loaded when it is opened: a phone reads and decides without them.
import { onDemand } from '../ui/on-demand.tsx';

export const PairingScreen = onDemand(async () => (await import('./pairing.tsx')).PairingScreen);
export const EnrolScreen = onDemand(async () => (await import('./enrol.tsx')).EnrolScreen);
export const SettingsScreen = onDemand(async () => (await import('./settings.tsx')).SettingsScreen);
export const NotificationsScreen = onDemand(
  async () => (await import('./notifications.tsx')).NotificationsScreen,
);
export const DevicesScreen = onDemand(async () => (await import('./devices.tsx')).DevicesScreen);
export const PairPhoneScreen = onDemand(async () => (await import('./pair-phone.tsx')).PairPhoneScreen);
export const MailboxScreen = onDemand(async () => (await import('./mailbox.tsx')).MailboxScreen);
export const MailScreen = onDemand(async () => (await import('./mail.tsx')).MailScreen);
export const MissingRequest = onDemand(async () => (await import('./missing-request.tsx')).MissingRequest);

/** Where a type lets the approver change what is granted. Nothing can be approved before it is there. */
export const AdjustableSections = onDemand(
  async () => (await import('../consent/adjusting.tsx')).AdjustableSections,
  null,
);

/** Facts of an outcome, where something was changed. */
export const GrantChanges = onDemand(
  async () => (await import('../consent/grant-changes.tsx')).GrantChanges,
  null,
);

/** They stand on a screen, so nothing is shown in their place. The reasons are there before anybody has read what is asked. */
export const DenySheet = onDemand(async () => (await import('./deny-sheet.tsx')).DenySheet, null);
export const PeopleSheet = onDemand(async () => (await import('./people-sheet.tsx')).PeopleSheet, null);
export const ShortcutSheet = onDemand(async () => (await import('./shortcut-sheet.tsx')).ShortcutSheet, null);
export const PasskeySetup = onDemand(async () => (await import('./passkey-setup.tsx')).PasskeySetup, null);
export const JsonSheet = onDemand(async () => (await import('./json-sheet.tsx')).JsonSheet, null);
