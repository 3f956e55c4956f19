// What the rest of the server may use of the HTTP surface.

export type { ControlAccess } from './control-access.ts';
export { createHttpApp } from './http-app.ts';
export { createPlainDoor } from './plain-door.ts';
export { refuseUnready } from './unready.ts';
export { type DeskPages, findDeskPages } from './web-apps.ts';
export type { WorldPort } from './world-routes.ts';
