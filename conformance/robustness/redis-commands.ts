// Takes apart what a client sends to Redis: arrays of byte strings, one for each command.
// https://redis.io/docs/latest/develop/reference/protocol-spec/
export interface RedisCommand {
  /** In upper case. */
  name: string;
  /** As it was sent. */
  bytes: Buffer;
}

const LINE_END = '\r\n';

export class RedisCommands {
  #unread: Buffer = Buffer.alloc(0);

  /** Those that are complete by now. */
  read(bytes: Buffer): RedisCommand[] {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    const commands: RedisCommand[] = [];
    for (let command = this.#first(); command !== undefined; command = this.#first()) {
      commands.push(command);
      this.#unread = this.#unread.subarray(command.bytes.length);
    }
    return commands;
  }

  #first(): RedisCommand | undefined {
    const words = this.#number(0, '*');
    if (words === undefined) return undefined;
    let { at } = words;
    let name = '';
    for (let word = 0; word < words.value; word += 1) {
      const length = this.#number(at, '$');
      if (length === undefined || this.#unread.length < length.at + length.value + LINE_END.length)
        return undefined;
      if (word === 0)
        name = this.#unread.toString('latin1', length.at, length.at + length.value).toUpperCase();
      at = length.at + length.value + LINE_END.length;
    }
    return { name, bytes: this.#unread.subarray(0, at) };
  }

  /** A line that begins with `kind`, and where it ends; undefined while that has not come. */
  #number(from: number, kind: '*' | '$'): { value: number; at: number } | undefined {
    const end = this.#unread.indexOf(LINE_END, from);
    if (end < 0) return undefined;
    const line = this.#unread.toString('latin1', from, end);
    if (!line.startsWith(kind))
      throw new Error(`Received ${JSON.stringify(line.slice(0, 40))}, expected ${kind}.`);
    return { value: Number(line.slice(1)), at: end + LINE_END.length };
  }
}
