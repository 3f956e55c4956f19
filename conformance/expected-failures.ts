// Tests that are known to fail, as `id profile`, with the reason. Such a test turns red as soon as it passes: then its line goes.
export const EXPECTED_FAILURES: Readonly<Record<string, string>> = {};
