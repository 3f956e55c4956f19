// One type of authorization details, checked as if it stood in the tenant file.
import { type AuthorizationDetailTypeConfig, authorizationDetailTypeSchema } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { explainConfigIssues } from './config-mistakes.ts';

/** @throws Problem `bad_request` with every mistake */
export function checkDetailType(input: unknown): AuthorizationDetailTypeConfig {
  const api = { identifier: 'urn:any', authorization_details: [input] };
  const findings = explainConfigIssues({ resource_servers: [api] }, { name: 'type' }).map((finding) =>
    finding.replace(/^type {2}resource_servers\[0\]\.authorization_details\[0\](?:\.| {2})?/, '').trim(),
  );
  if (findings.length === 0) return authorizationDetailTypeSchema.parse(input);
  throw new Problem('bad_request', `The type is not usable: ${findings.join(' ')}`, {
    findings,
    hint: 'Every member of a type: docs/reference/configuration.md',
  });
}
