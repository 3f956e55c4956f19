// What the rest of the server may use of the HTTP surface.
export { createHttpApp, type HttpParts } from './http-app.ts';
