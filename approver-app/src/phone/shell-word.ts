/** The part of the user_id after the provider is enough for a command; whatever a shell would interpret is quoted. */
export function shellWord(userId: string): string {
  const name = userId.slice(userId.indexOf('|') + 1);
  return /^[\w.@+-]+$/.test(name) ? name : `'${userId.replaceAll("'", "'\\''")}'`;
}
