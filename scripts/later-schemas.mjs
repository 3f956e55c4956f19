// Schemas that are made when they are first used. Of the thousands that modules declare, a start uses a few; making the others is
// a seventh of what it costs. zod makes one as soon as its constructor is called. In the bundle that call keeps the definition, and
// what makes a schema of it runs when its inside (`_zod`) is first read, or what it has by itself beside its definition.
// decisions/0044-start-and-weight.md.

/** What is replaced, word by word. Where zod has changed it, the build stops. */
const REPLACED = [
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]core\.js$/,
    from: '        const inst = params?.Parent ? newError(Definition) : this;\n        init(inst, def);\n',
    // What the first one of a kind is made with belongs to the prototype, and what it has by itself tells what the others will have.
    to: `        if (isFirst === false && globalThis.__zod_globalConfig?.postProcessor === undefined) {
            this[DEFINITION] = def;
            if (isSchema) {
                this.def = def;
                this.type = def.type;
            }
            return this;
        }
        const inst = params?.Parent ? newError(Definition) : this;
        init(inst, def);
        if (isFirst && Object.getPrototypeOf(inst) === _.prototype) {
            isFirst = false;
            makeLater(_.prototype, Object.getOwnPropertyNames(inst), make);
        }
`,
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]core\.js$/,
    from: '    function _(def) {\n',
    to: `    const isSchema = name.startsWith("Zod");
    let isFirst = params?.Parent === undefined && (isSchema || name.startsWith("$ZodCheck")) ? true : undefined;
    function make(inst) {
        const def = inst[DEFINITION];
        _zodDesc.value = new Internals(def);
        try {
            Object.defineProperty(inst, "_zod", _zodDesc);
        }
        finally {
            _zodDesc.value = undefined;
        }
        init(inst, def);
        for (const fn of inst._zod.deferred ?? []) fn();
        inst._zod.deferred = undefined;
        if (inst[PARENT] !== undefined) inst._zod.parent = inst[PARENT];
    }
    function _(def) {
`,
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]core\.js$/,
    from: 'export /*@__NO_SIDE_EFFECTS__*/ function $constructor(',
    to: `const DEFINITION = Symbol("definition");
export const PARENT = Symbol("parent");
/** Whoever reads what only a made schema has, has it made. */
function makeLater(prototype, names, make) {
    for (const name of names) {
        if (name === "def" || name === "type" || Object.hasOwn(prototype, name)) continue;
        Object.defineProperty(prototype, name, {
            configurable: true,
            get() {
                if (!Object.hasOwn(this, DEFINITION) || Object.hasOwn(this, "_zod")) return undefined;
                make(this);
                return this[name];
            },
            set(value) {
                Object.defineProperty(this, name, { configurable: true, writable: true, enumerable: true, value });
            },
        });
    }
}
export const isMade = (inst) => Object.hasOwn(inst, "_zod");
export /*@__NO_SIDE_EFFECTS__*/ function $constructor(`,
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]util\.js$/,
    from: 'import { globalConfig } from "./core.js";',
    to: 'import { globalConfig, isMade, PARENT } from "./core.js";',
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]util\.js$/,
    from: `    const cl = new inst._zod.constr(def ?? inst._zod.def);
    if (!def || params?.parent)
        cl._zod.parent = inst;
`,
    to: `    const cl = isMade(inst) ? new inst._zod.constr(def ?? inst._zod.def) : new inst.constructor(def ?? inst.def);
    if (!def || params?.parent) {
        if (isMade(cl)) cl._zod.parent = inst;
        else cl[PARENT] = inst;
    }
`,
  },
  // Whether a schema leads back to itself is found in the definitions.
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]memoizer\.js$/,
    from: 'if (result !== PROVEN && child?._zod) {',
    to: 'if (result !== PROVEN && (child?.def ?? child?._zod)) {',
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]memoizer\.js$/,
    from: 'desc.value?._zod ? isRecursive(desc.value, stack, resolve) : NONE;',
    to: '(desc.value?.def ?? desc.value?._zod) ? isRecursive(desc.value, stack, resolve) : NONE;',
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]memoizer\.js$/,
    from: '    const def = inst._zod.def;\n    const kind',
    to: '    const def = inst.def ?? inst._zod.def;\n    const kind',
  },
];

export function makeSchemasLater() {
  return {
    name: 'make-schemas-later',
    transform: {
      filter: { id: /[\\/]zod[\\/]v4[\\/]core[\\/](core|memoizer|util)\.js$/ },
      handler(code, id) {
        return {
          code: REPLACED.filter(({ file }) => file.test(id)).reduce(
            (text, one) => replace(text, one, id),
            code,
          ),
        };
      },
    },
  };
}

function replace(text, { from, to }, id) {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`${id} makes schemas in another way than before. Look at what has become of:\n${from}`);
  return parts.join(to);
}
