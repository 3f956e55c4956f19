// The control token that somebody pasted, for as long as this tab is open. Never in an address, never where other tabs or a later
// visit would find it.

const KEY = 'assent.control-token';

export function readControlToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepControlToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetControlToken(): void {
  sessionStorage.removeItem(KEY);
}
