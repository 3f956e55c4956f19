// A route of the control API with all that is said about it. What a caller may know stands beside the code that answers, in one
// place: the reference page and the OpenAPI document are made of it, and a route without it does not compile.
import type { z } from 'zod';
import type { Route } from '../routes.ts';

export interface RouteShapes {
  query?: z.ZodType;
  /** JSON. */
  body?: z.ZodType;
  /** JSON of a success. */
  answer?: z.ZodType;
  /** Of a success. Default 200. */
  status?: number;
  /** Content type of a success that is not JSON, or not always. */
  otherType?: string;
  /** Further answers that are no errors, by status. */
  others?: Readonly<Record<number, { meaning: string; answer?: z.ZodType }>>;
  /** Statuses of errors that this route has beside those of every route, with their reason. */
  errors?: Readonly<Record<number, string>>;
  /** Called without the control token, too: tells nothing that is worth hiding. */
  isOpen?: boolean;
  /** Called without a body. Every other POST, PUT and PATCH brings JSON, which no foreign page can send unasked. */
  isBodiless?: boolean;
  /** For a caller that cannot send a header. */
  takesTokenInQuery?: boolean;
  /** What the shapes do not say, in whole sentences. */
  note?: string;
}

export interface ControlRoute extends Route {
  readonly shapes: RouteShapes;
}
