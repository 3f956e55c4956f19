// How a measurement begins that reads the work of a server from /proc: with the options it was given; or it tells how it is called,
// what is wrong with its options, or that it cannot be done here, and ends.

/** @param read answers nothing where help was asked for, and throws with a sentence for whoever typed it */
export function readOrExit<T>(read: (words: readonly string[]) => T | undefined, help: string): T {
  const options = readWords(read);
  if (options === undefined) {
    process.stdout.write(help);
    process.exit();
  }
  if (process.platform !== 'linux')
    exit(
      `The work of a server is read from /proc, which ${process.platform} has not. Try it in a container.`,
    );
  return options;
}

function readWords<T>(read: (words: readonly string[]) => T): T {
  try {
    return read(process.argv.slice(2));
  } catch (error) {
    return exit(error instanceof Error ? error.message : String(error));
  }
}

function exit(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}
