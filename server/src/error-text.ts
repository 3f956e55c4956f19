// What may stand in an `error_description` and in a challenge: printable ASCII without the quotation mark and the backslash.
// RFC 6749 §5.2, RFC 6750 §3, CIBA Core §12. What a caller sent may be repeated in it.

/** The same text in those characters: %x20-21 / %x23-5B / %x5D-7E. */
export function toErrorText(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replaceAll(/[^\x20-\x7E]+/g, '?');
}
