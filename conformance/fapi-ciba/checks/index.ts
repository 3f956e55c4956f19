// A check for every module of the plan that applies.
import type { Checks } from '../plan.ts';
import { CLIENT_AUTHENTICATION } from './client-authentication.ts';
import { DISCOVERY } from './discovery.ts';
import { FLOWS } from './flows.ts';
import { NOTIFICATIONS } from './notifications.ts';
import { REQUEST_OBJECTS } from './request-objects.ts';

export const CHECKS: Checks = {
  ...DISCOVERY,
  ...FLOWS,
  ...REQUEST_OBJECTS,
  ...CLIENT_AUTHENTICATION,
  ...NOTIFICATIONS,
};
