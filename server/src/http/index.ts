// What the rest of the server may use of the HTTP surface.

export { caRoutes } from './ca-routes.ts';
export { type ControlAccess, isOfThisComputer, isSameToken, provideAccess } from './control-access.ts';
export { createHttpApp } from './http-app.ts';
export { createPlainDoor } from './plain-door.ts';
export { answerProblem, answerProblems } from './problem-responses.ts';
export { requireKnownHost, requireSameOrigin } from './same-origin.ts';
export { refuseUnready } from './unready.ts';
export { type DeskPages, findDeskPages } from './web-apps.ts';
export type { WorldPort } from './world-routes.ts';
