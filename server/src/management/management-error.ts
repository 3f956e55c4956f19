// How the Management API refuses. auth0: Management API errors; its four members are in every answer.
import { STATUS_CODES } from 'node:http';

/** An answer that is no success. Thrown anywhere below a route. */
export class ManagementError extends Error {
  readonly status: number;
  readonly errorCode: string;

  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.name = 'ManagementError';
    this.status = status;
    this.errorCode = errorCode;
  }

  get body(): { statusCode: number; error: string; message: string; errorCode: string } {
    return {
      statusCode: this.status,
      error: STATUS_CODES[this.status] ?? 'Error',
      message: this.message,
      errorCode: this.errorCode,
    };
  }
}

export function invalidBody(message: string): ManagementError {
  return new ManagementError(400, 'invalid_body', `Payload validation error: ${message}`);
}

export function invalidQuery(message: string): ManagementError {
  return new ManagementError(400, 'invalid_query_string', `Query validation error: ${message}`);
}

export function insufficientScope(wanted: readonly string[]): ManagementError {
  return new ManagementError(
    403,
    'insufficient_scope',
    `Insufficient scope, expected any of: ${wanted.join(',')}`,
  );
}

/** @param message with a full stop where Auth0 has one: "The client does not exist" */
export function inexistent(what: string, message: string): ManagementError {
  return new ManagementError(404, `inexistent_${what}`, message);
}
