export function findBrowser(): string | undefined;
export function findProgram(commands: readonly string[], variable?: string): string | undefined;
