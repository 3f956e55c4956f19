// Every route of the control API, in the order of its reference page. A new capability adds its routes here and nowhere else.
import { CONTROL_API, openApiSchema } from '../contract/index.ts';
import type { Lessons } from '../lessons/index.ts';
import type { Mailbox } from '../notify/index.ts';
import { apiCallRoutes } from './api-call-routes.ts';
import { automatedApprovalRoutes } from './automated-approval.ts';
import { type BrowserRoutesParts, browserRoutes } from './browser-routes.ts';
import { clockRoutes } from './clock-routes.ts';
import type { ControlRoute } from './control-route.ts';
import { type ControlRoutesParts, controlRoutes } from './control-routes.ts';
import { type DemoRoutesParts, demoRoutes } from './demo-routes.ts';
import { type FaultsPort, faultRoutes } from './fault-routes.ts';
import { lessonRoutes } from './lesson-routes.ts';
import { mailboxRoutes } from './mailbox-routes.ts';
import { managementTokenRoutes } from './management-token-routes.ts';
import { describeControlApi } from './openapi.ts';
import { type PreviewRoutesParts, previewRoutes } from './preview-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import { type ScenesPort, sceneRoutes } from './scene-routes.ts';
import { type SteppingPort, stepRoutes } from './step-routes.ts';
import { storyRoutes } from './story-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';
import { type WorldPort, worldRoutes } from './world-routes.ts';

export interface ControlApiParts
  extends ControlRoutesParts,
    BrowserRoutesParts,
    DemoRoutesParts,
    PreviewRoutesParts {
  mailbox: Mailbox;
  faults: FaultsPort;
  lessons: Lessons;
  stepping: SteppingPort;
  scenes: ScenesPort;
  worlds: WorldPort;
}

export function controlApi(parts: ControlApiParts): ControlRoute[] {
  const routes = [
    ...controlRoutes(parts),
    ...storyRoutes(parts),
    ...apiCallRoutes(parts),
    ...clockRoutes(parts.tenant),
    ...automatedApprovalRoutes(parts.tenant),
    ...tenantRoutes(parts.tenant),
    ...previewRoutes(parts),
    ...browserRoutes(parts),
    ...mailboxRoutes(parts.mailbox),
    ...demoRoutes(parts),
    ...managementTokenRoutes(parts.tenant),
    ...worldRoutes(parts),
    ...lessonRoutes(parts.lessons),
    ...ruleRoutes(parts.tenant),
    ...faultRoutes(parts.faults),
    ...stepRoutes(parts.stepping),
    ...sceneRoutes(parts.scenes),
  ];
  const description: ControlRoute = {
    method: 'GET',
    path: `${CONTROL_API}/openapi.json`,
    purpose: 'read this API as an OpenAPI document',
    shapes: { answer: openApiSchema, isOpen: true, note: 'OpenAPI 3.1.' },
    answer: (ctx) => {
      ctx.body = describeControlApi(all, parts.version);
    },
  };
  const all = [...routes, description];
  return all;
}
