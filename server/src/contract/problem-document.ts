// What an error looks like over HTTP. RFC 9457 §3, with the members that we add.
import { z } from 'zod';

export const problemDocumentSchema = z.looseObject({
  type: z.string().describe('`urn:assent:problem:` and the code.'),
  title: z.string().describe('The same for every occurrence.'),
  status: z.int(),
  detail: z.string().describe('What was received and what was expected.'),
  code: z.string().optional().describe('Stable. Absent only where the server itself failed.'),
  hint: z.string().optional().describe('What to do next, as a sentence or a command to type.'),
  findings: z.array(z.string()).optional().describe('Single findings, where there are several.'),
});
