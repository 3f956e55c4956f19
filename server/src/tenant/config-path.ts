// How a mistake in the configuration is told: where it is, and what was received and expected there.

export type ConfigPath = ReadonlyArray<string | number>;

/** One mistake in the configuration. */
export interface ConfigMistake {
  path: ConfigPath;
  /** What was received and what was expected, as the end of a sentence about the path. */
  text: string;
  /** The mistake is the member's name, not its value. */
  concernsName?: boolean;
}

/** `clients[0].grant_types[1]` */
export function formatConfigPath(path: ConfigPath): string {
  const formatted = path.map((segment) => {
    if (typeof segment === 'number') return `[${segment}]`;
    return /^[\w$-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
  });
  return formatted.join('').replace(/^\./, '') || 'the file';
}
