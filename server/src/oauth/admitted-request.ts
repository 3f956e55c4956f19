// What both admissions come to: a CIBA request after every rule has been passed.
import type {
  AuthorizationDetail,
  ClientConfig,
  NotificationChannel,
  UserConfig,
} from '../contract/index.ts';
import type { GrantedAccess } from './access-rules.ts';
import type { DetailSchemas } from './authorization-details.ts';
import type { ClientKeys } from './client-keys.ts';
import type { RequestLimits } from './request-limits.ts';

export interface AdmittedRequest {
  client: ClientConfig;
  user: UserConfig;
  /** Empty where the client sent none. */
  bindingMessage: string;
  scope: string[];
  access: GrantedAccess;
  authorizationDetails: AuthorizationDetail[] | undefined;
  channel: NotificationChannel;
  expiresInSeconds: number;
  /** Preferred ones first, CIBA Core §7.1. */
  acrValues?: readonly string[];
}

/** What an admission remembers from one request to the next. */
export interface AdmissionParts {
  schemas: DetailSchemas;
  limits: RequestLimits;
  clientKeys: ClientKeys;
}
