// What a class remembers over a restart: who sits where, and on which port. Browsers are known by the hash of their key, so
// the file lets nobody take a place. Read once at the start; replaced as a whole whenever somebody comes or goes.
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, readOptional, replaceFile } from '../disk.ts';
import { Problem } from '../problem.ts';

const placeRecordSchema = z.strictObject({
  number: z.int().positive(),
  port: z.int().min(1).max(65_535),
  name: z.string().optional(),
  browsers: z.array(z.string()).default([]),
});
export type PlaceRecord = z.output<typeof placeRecordSchema>;

const classFileSchema = z.strictObject({
  format: z.literal('assent-class'),
  version: z.literal(1),
  port: z.int().min(1).max(65_535),
  places: z.array(placeRecordSchema),
});
export type ClassRecord = Omit<z.output<typeof classFileSchema>, 'format' | 'version'>;

export class ClassFile {
  readonly #folder: string;
  /** One writing after the other, so that the last one stands. */
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get path(): string {
    return join(this.#folder, 'class.json');
  }

  /** What a place of that number keeps. */
  dataFileOf(number: number): string {
    return join(this.#folder, `place-${String(number).padStart(2, '0')}.db`);
  }

  /** Undefined when no class was kept there yet. @throws Problem `data_file_unusable` */
  async read(): Promise<ClassRecord | undefined> {
    try {
      await makeFolder(this.#folder);
      const text = await readOptional(this.path);
      return text === undefined ? undefined : classFileSchema.parse(JSON.parse(text));
    } catch (cause) {
      const reason = cause instanceof z.ZodError || cause instanceof SyntaxError ? '' : `: ${String(cause)}`;
      throw new Problem('data_file_unusable', `${this.path} is not what a class wrote there${reason}.`, {
        hint: 'Name another folder with --data, or begin with an empty one.',
        cause,
      });
    }
  }

  /** @throws Problem `data_file_unusable` */
  write(record: ClassRecord): Promise<void> {
    const text = `${JSON.stringify({ format: 'assent-class', version: 1, ...record }, null, 2)}\n`;
    const write = this.#lastWrite.then(async () => {
      try {
        await replaceFile(this.path, text, 0o600);
      } catch (cause) {
        throw new Problem(
          'data_file_unusable',
          `The class cannot keep who sits where: class.json cannot be written (${codeOf(cause)}).`,
          {
            status: 503,
            hint: 'Make room on the disk of the class, or leave to write there; then try again.',
            cause,
          },
        );
      }
    });
    this.#lastWrite = write.catch(() => undefined);
    return write;
  }
}

/** Without the path: students read it. */
function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
}
