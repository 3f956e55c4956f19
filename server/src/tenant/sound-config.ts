// A configuration in which nothing is wrong, which most are, is known as such without the schemas: they take longer to load than
// everything else that discovery waits for. What is wrong with another one is theirs to say (`config-check`).
import type { TenantConfig } from '../contract/index.ts';
import { hashWritten, isChecked, putOver, sealConfig } from './checked-config.ts';
import { findReferenceMistakes } from './config-references.ts';
import { OUTLINE_SHAPE, TENANT_SHAPE } from './config-shapes.ts';
import { readShape } from './shape.ts';

/**
 * With its defaults, or undefined: there is something wrong with `input`, or it takes the schemas to tell.
 * @param hash of what a server is started with
 */
export function readSoundConfig(input: unknown, hash?: () => string): TenantConfig | undefined {
  if (isChecked(input)) return input;
  const config = readShape(TENANT_SHAPE, input);
  if (!config) return undefined;
  const outline = readShape(OUTLINE_SHAPE, input);
  if (!outline || findReferenceMistakes(outline).length > 0) return undefined;
  return sealConfig(config, hash?.());
}

/**
 * The same for what a server is started with, of which is known what was written.
 * @param over members in place of those that were written
 */
export function readSoundStart(input: unknown, over: object): TenantConfig | undefined {
  return readSoundConfig(putOver(input, over), () => hashWritten(input, over));
}
