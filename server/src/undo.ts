// What was opened is closed in the opposite order.

/** The last step first; each of them, whatever becomes of the others. */
export async function undoAll(steps: ReadonlyArray<() => Promise<void> | void>): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps.toReversed()) {
    try {
      await step();
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
}
