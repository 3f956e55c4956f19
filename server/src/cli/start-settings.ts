// How a server was started, and who decided it: kept in its run file, told by `assent doctor`.
import type { Command } from 'commander';
import type { StartSetting } from '../contract/index.ts';

export type OptionOrigin = Omit<StartSetting, 'value'>;

/** Who decided each option of a command that was typed. */
export function readOrigins(command: Command): ReadonlyMap<string, OptionOrigin> {
  const origins = command.options.map((option): [string, OptionOrigin] => {
    const name = option.name();
    const source = command.getOptionValueSource(option.attributeName());
    if (source === 'cli') return [name, { name, origin: 'flag', by: `--${name}` }];
    if (source === 'env') return [name, { name, origin: 'environment', by: option.envVar ?? '' }];
    return [name, { name, origin: 'default' }];
  });
  return new Map(origins);
}

/**
 * @param flags what the options have come to
 * @param values what the start made of them, where that is more
 */
export function listStartSettings(
  origins: ReadonlyMap<string, OptionOrigin>,
  flags: object,
  values: Readonly<Record<string, StartSetting['value']>>,
): StartSetting[] {
  const given = new Map<string, unknown>(Object.entries(flags));
  return [...origins.values()].flatMap((origin) => {
    const value = values[origin.name] ?? given.get(toAttribute(origin.name));
    const isSetting = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isSetting && origin.name !== 'format' ? [{ ...origin, value }] : [];
  });
}

/** What somebody typed, to be typed again: the same port, file and issuer. Passwords stay hidden, variables are still there. */
export function typeAgain(settings: readonly StartSetting[]): string {
  const words = settings.flatMap(({ origin, name, value }) => {
    if (origin !== 'flag' || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, quoteWord(String(value))];
  });
  return ['assent', ...words].join(' ');
}

/** As a shell takes it for one word. */
export function quoteWord(text: string): string {
  return /^[\w./:@%+=,~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `dataFolder` from `data-folder`, as commander does it. */
function toAttribute(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
