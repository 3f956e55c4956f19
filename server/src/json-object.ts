// What a value out of a JSON text is: whether it is an object, neither null nor a list, and how deep it goes.

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** More than anybody means. Copying, comparing and writing a value take stack for each level, reading JSON does not. */
export const DEEPEST_LEVEL = 100;

/** Whether lists and objects stand in one another more than `deepestLevel` deep. */
export function isNestedTooDeeply(value: unknown, deepestLevel = DEEPEST_LEVEL): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestLevel) return true;
    level = level
      .filter((one) => typeof one === 'object' && one !== null)
      .flatMap((one) => Object.values(one as object));
  }
  return false;
}
