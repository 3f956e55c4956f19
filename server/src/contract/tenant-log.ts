// The log of a tenant as tools of Auth0 read it: codes, and what every entry has. auth0: Log Event Type Codes.

/** Codes that are written here, and what each says. */
export const LOG_EVENTS = {
  ciba_start_succeeded: 'Successful backchannel authentication request',
  ciba_start_failed: 'Failed backchannel authentication request',
  ciba_exchange_succeeded: 'Successful exchange of an auth_req_id for tokens',
  ciba_exchange_failed: 'Failed exchange of an auth_req_id for tokens',
  rich_consents_access_error: 'Failed access to the details of a consent',
  gd_start_auth: 'Second factor authentication started',
  gd_send_pn: 'Push notification sent',
  gd_send_pn_failure: 'Push notification failed',
  gd_auth_succeed: 'Second factor authentication succeeded',
  gd_auth_rejected: 'Second factor authentication rejected',
  gd_auth_failed: 'Second factor authentication failed',
  gd_start_enroll: 'Enrollment started',
  gd_enrollment_complete: 'Enrollment completed',
  gd_unenroll: 'Unenroll device account',
  gd_update_device_account: 'Update device account',
  fn: 'Failed sending notification',
  s: 'Success Login',
  f: 'Failed Login',
  fp: 'Failed Login (Incorrect Password)',
  fu: 'Failed Login (Invalid Email/Username)',
  ss: 'Success Signup',
  fs: 'Failed Signup',
  slo: 'Success Logout',
  seacft: 'Success Exchange: authorization code for access token',
  feacft: 'Failed Exchange: authorization code for access token',
  seccft: 'Success Exchange: client credentials for access token',
  feccft: 'Failed Exchange: client credentials for access token',
  sertft: 'Success Exchange: refresh token for access token',
  fertft: 'Failed Exchange: refresh token for access token',
  sapi: 'Success API Operation',
} as const;
export type LogType = keyof typeof LOG_EVENTS;

/** Who sent the request that an entry is about. */
export interface LogCaller {
  ip: string;
  user_agent?: string;
  /** The decoded Auth0-Client header, which every SDK sends. */
  auth0_client?: { name?: string; version?: string; env?: Record<string, string> };
}

export interface NewLogEntry {
  type: LogType;
  client_id?: string | undefined;
  user_id?: string | undefined;
  audience?: string | undefined;
  scope?: string | undefined;
  connection?: string | undefined;
  /** More than the code says by itself. */
  description?: string | undefined;
  caller?: LogCaller | undefined;
  /** No secrets. */
  details?: Record<string, unknown>;
}

export interface LogEntry {
  /** Grows with time. */
  log_id: string;
  _id: string;
  date: string;
  type: LogType;
  description: string;
  client_id?: string;
  client_name?: string;
  user_id?: string;
  user_name?: string;
  audience?: string;
  scope?: string;
  connection?: string;
  ip?: string;
  user_agent?: string;
  auth0_client?: LogCaller['auth0_client'];
  hostname: string;
  is_mobile: boolean;
  tenant_name: string;
  environment_name: string;
  details: Record<string, unknown>;
  $event_schema: { version: string };
}
