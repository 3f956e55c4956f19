// Checks a tenant that did not come from a file, and fills in defaults. With the schemas, which tell what is wrong; and so what a start
// lays over it.
import { type QuickAnswersInput, quickAnswersInputSchema, type TenantConfig } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { hashWritten, putOver, sealConfig } from './checked-config.ts';
import { type ConfigSource, inspectConfig } from './config-mistakes.ts';
import { readSoundConfig } from './sound-config.ts';

const REFERENCE_HINT = 'Every setting: docs/reference/configuration.md';

/**
 * The result cannot be changed.
 * @throws Problem `config_invalid` with every mistake
 */
export function checkConfig(input: unknown, source: ConfigSource = { name: 'config' }): TenantConfig {
  return check(input, source);
}

/**
 * The same for what a server is started with, of which is known what was written.
 *
 * @param over members in place of those that were written
 * @throws Problem `config_invalid`
 */
export function checkStart(
  input: unknown,
  { source = { name: 'config' }, over = {} }: { source?: ConfigSource; over?: object } = {},
): TenantConfig {
  return check(putOver(input, over), source, () => hashWritten(input, over));
}

/** The same; undefined for what has mistakes. */
export function findStart(input: unknown): TenantConfig | undefined {
  try {
    return checkStart(input);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function check(input: unknown, source: ConfigSource, hash?: () => string): TenantConfig {
  const sound = readSoundConfig(input, hash);
  if (sound) return sound;
  const { findings, config } = inspectConfig(input, source);
  if (findings.length > 0 || !config) throw invalid(source.name, findings);
  return sealConfig(config, hash?.());
}

export function invalid(name: string, findings: readonly string[]): Problem {
  const count = findings.length === 1 ? '1 problem' : `${findings.length} problems`;
  return new Problem('config_invalid', `${name} has ${count}`, { findings, hint: REFERENCE_HINT });
}

/** @throws Problem `usage` */
export function checkQuickAnswers(option: unknown): QuickAnswersInput {
  const parsed = quickAnswersInputSchema.safeParse(option);
  if (parsed.success) return parsed.data;
  throw new Problem('usage', `Quick answers are not possible with ${JSON.stringify(option)}.`, {
    findings: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the value'}  ${issue.message}.`),
    hint: 'true, or seconds such as { interval: 0.1, held_poll: 4 }: interval above 0, held_poll from 0 to 25',
  });
}
