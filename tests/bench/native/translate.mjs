// Translates the disassembly of a module of runs and kernels to C: one function each, a variable for each value on the stack.

/** Instructions that leave one value, made of those they take, by their type and an expression; $1 is the lowest, %1 an immediate. */
const VALUES = {
  "i32.const": ["i32", "(i32)%1u"],
  "f64x2.add": ["v128", "$1 + $2"],
  "f64x2.sub": ["v128", "$1 - $2"],
  "f64x2.mul": ["v128", "$1 * $2"],
  "f64x2.div": ["v128", "$1 / $2"],
  "f64x2.lt": ["v128", "(v128)($1 < $2)"],
  "f64x2.le": ["v128", "(v128)($1 <= $2)"],
  "f64x2.gt": ["v128", "(v128)($1 > $2)"],
  "f64x2.ge": ["v128", "(v128)($1 >= $2)"],
  "f64x2.eq": ["v128", "(v128)($1 == $2)"],
  "f64x2.ne": ["v128", "(v128)($1 != $2)"],
  "v128.and": ["v128", "(v128)((i2)$1 & (i2)$2)"],
  "v128.or": ["v128", "(v128)((i2)$1 | (i2)$2)"],
  "v128.andnot": ["v128", "(v128)((i2)$1 & ~(i2)$2)"],
  "v128.not": ["v128", "(v128)~(i2)$1"],
  "v128.bitselect": ["v128", "bitselect($1, $2, $3)"],
  "v128.any_true": ["i32", "any_true($1)"],
  "f64x2.pmin": ["v128", "minimum($2, $1)"],
  "f64x2.pmax": ["v128", "maximum($2, $1)"],
  "f64x2.abs": ["v128", "absolute($1)"],
  "f64x2.neg": ["v128", "-$1"],
  "f64x2.sqrt": ["v128", "_mm_sqrt_pd($1)"],
  "f64x2.floor": ["v128", "_mm_floor_pd($1)"],
  "f64x2.ceil": ["v128", "_mm_ceil_pd($1)"],
  "f64x2.splat": ["v128", "_mm_set1_pd($1)"],
  "f64x2.replace_lane": ["v128", "replace($1, %1, $2)"],
  "f64x2.extract_lane": ["f64", "$1[%1]"],
  "i32x4.extract_lane": ["i32", "((i4)$1)[%1]"],
  "i64x2.shl": ["v128", "(v128)((i2)$1 << $2)"],
  "i64x2.shr_u": ["v128", "(v128)((u2)$1 >> $2)"],
  "i32x4.trunc_sat_f64x2_s_zero": ["v128", "(v128)_mm_cvttpd_epi32($1)"],
  "v128.load": ["v128", "load($1, %2)"],
  "v128.load64_splat": ["v128", "_mm_set1_pd(load_f64($1, %2))"],
  "v128.load64_lane": ["v128", "replace($2, %3, load_f64($1, %2))"],
  "f64.load": ["f64", "load_f64($1, %2)"],
  "i32.load": ["i32", "load_i32($1, %2)"],
  "i32.add": ["i32", "(i32)((unsigned)$1 + (unsigned)$2)"],
  "i32.sub": ["i32", "(i32)((unsigned)$1 - (unsigned)$2)"],
  "i32.mul": ["i32", "(i32)((unsigned)$1 * (unsigned)$2)"],
  "i32.and": ["i32", "$1 & $2"],
  "i32.eqz": ["i32", "!$1"],
  "i32.eq": ["i32", "$1 == $2"],
  "i32.lt_s": ["i32", "$1 < $2"],
  "i32.shl": ["i32", "(i32)((unsigned)$1 << $2)"],
  "i32.lt_u": ["i32", "(unsigned)$1 < (unsigned)$2"],
  "i32.ge_s": ["i32", "$1 >= $2"],
  "i32.le_s": ["i32", "$1 <= $2"],
  "i32.trunc_sat_f64_s": ["i32", "truncate($1)"],
  "f64.convert_i32_s": ["f64", "(f64)$1"],
  "f64.min": ["f64", "($1 < $2 ? $1 : $2)"],
  "f64.sub": ["f64", "$1 - $2"],
  "f64.const": ["f64", "%1"],
};

/** Instructions that leave none. */
const EFFECTS = {
  "v128.store": "store($1, %2, $2);",
  "f64.store": "store_f64($1, %2, $2);",
  "v128.store64_lane": "store_f64($1, %2, $2[%3]);",
  "memory.fill": "memset(AT($1, 0), $2, (unsigned)$3);",
};

const operandCount = (text) =>
  Math.max(0, ...[...text.matchAll(/\$(\d)/g)].map(([, index]) => Number(index)));

/**
 * C of a module, and a table of its functions.
 *
 * @param listing what `wasm-objdump -x` says of types and functions
 * @param disassembly what `wasm-objdump -d` says
 * @param globals     numbers that are the module's globals
 */
export function translate(listing, disassembly, globals) {
  const list = (text) =>
    text
      .replace(/[()]/g, "")
      .split(", ")
      .filter((type) => type && type !== "nil");
  const types = [...listing.matchAll(/ - type\[\d+\] (\([^)]*\)) -> (.*)/g)].map(([, takes, gives]) => ({
    takes: list(takes),
    gives: list(gives),
  }));
  const signatures = [...listing.matchAll(/ - func\[\d+\] sig=(\d+)/g)].map(([, type]) => types[type]);
  const headOf = (index) => {
    const { takes, gives } = signatures[index];
    const result = gives.length > 1 ? "pair" : (gives[0] ?? "void");
    return `static __attribute__((noinline)) ${result} f${index}(${takes.map((type, local) => `${type} l${local}`).join(", ") || "void"})`;
  };
  const bodies = disassembly.split(/^[0-9a-f]+ func\[\d+\].*:$/m).slice(1);
  const functions = bodies.map((body, index) => translateFunction(body, signatures, index, headOf(index)));
  return [
    '#include "runtime.h"',
    ...signatures.map((_, index) => `${headOf(index)};`),
    `static const v128 globals[] = {${globals.map(vectorOf).join(", ")}};`,
    ...functions,
    `void (*const table[])(void) = {${signatures.map((_, index) => `(void (*)(void))f${index}`).join(", ")}};`,
  ].join("\n");
}

/** A vector of a number twice, in C. */
function vectorOf(number) {
  const special = Number.isNaN(number) ? "NAN" : number > 0 ? "INFINITY" : "-INFINITY";
  const text = Number.isFinite(number) ? number.toExponential() : special;
  return `{${text}, ${text}}`;
}

function translateFunction(body, signatures, index, head) {
  const { takes, gives } = signatures[index];
  const locals = [...takes];
  const code = [];
  const stack = [];
  const blocks = [];
  let made = 0;
  const push = (type, expression) => {
    const name = `t${made++}`;
    code.push(`${type} ${name} = ${expression};`);
    stack.push({ type, name });
  };
  const pop = () => stack.pop().name;
  const popped = (count) => Array.from({ length: count }, pop).reverse();
  const fill = (text, words, operands) =>
    text.replace(/%(\d)/g, (_, at) => words[at]).replace(/\$(\d)/g, (_, at) => operands[at - 1]);
  const instructions = body
    .split("\n")
    .map((line) => line.split("|")[1]?.trim())
    .filter(Boolean);
  for (const instruction of instructions) {
    const declared = /^local\[(\d+)(?:\.\.(\d+))?\] type=(\w+)/.exec(instruction);
    if (declared) {
      const [, first, last = first, type] = declared;
      for (let local = Number(first); local <= Number(last); local++) {
        code.push(`${type} l${locals.length} = ${type === "v128" ? "{0, 0}" : "0"};`);
        locals.push(type);
      }
      continue;
    }
    const words = instruction.split(/\s+/);
    const [name, first] = words;
    if (name in VALUES) {
      const [type, text] = VALUES[name];
      push(type, fill(text, words, popped(operandCount(text))));
    } else if (name in EFFECTS) {
      const operands = popped(operandCount(EFFECTS[name]));
      code.push(fill(EFFECTS[name], words, operands));
    } else if (name === "local.get") push(locals[first], `l${first}`);
    else if (name === "local.set") code.push(`l${first} = ${pop()};`);
    else if (name === "local.tee") code.push(`l${first} = ${stack.at(-1).name};`);
    else if (name === "global.get") push("v128", `globals[${first}]`);
    else if (name === "v128.const") {
      const [a, b, c, d] = words.slice(1).map((word) => word.slice(2).padStart(8, "0"));
      push("v128", `bits(0x${b}${a}ull, 0x${d}${c}ull)`);
    } else if (name === "select") {
      const [{ type, name: yes }, { name: no }, { name: which }] = stack.splice(-3);
      push(type, `${which} ? ${yes} : ${no}`);
    } else if (name === "call") {
      const called = signatures[first];
      const text = `f${first}(${popped(called.takes.length).join(", ")})`;
      if (called.gives.length < 2) push(called.gives[0], text);
      else {
        const both = `t${made++}`;
        code.push(`pair ${both} = ${text};`);
        push("v128", `${both}.a`);
        push("v128", `${both}.b`);
      }
    } else if (name === "loop" || name === "if") {
      const block = { label: `b${made++}`, type: first, isLoop: name === "loop" };
      if (first) code.push(`${first} ${block.label};`);
      code.push(block.isLoop ? `${block.label}: {` : `if (${pop()}) {`);
      blocks.push(block);
    } else if (name === "else") {
      if (blocks.at(-1).type) code.push(`${blocks.at(-1).label} = ${pop()};`);
      code.push("} else {");
    } else if (name === "br_if") {
      const block = blocks.at(-1 - Number(first));
      if (!block.isLoop) throw new Error(`function ${index}: only loops are branched to`);
      code.push(`if (${pop()}) goto ${block.label};`);
    } else if (name === "end" && blocks.length > 0) {
      const { type, label } = blocks.pop();
      if (type) code.push(`${label} = ${pop()};`);
      code.push("}");
      if (type) stack.push({ type, name: label });
    } else if (name === "end") {
      const results = popped(gives.length);
      if (results.length === 1) code.push(`return ${results[0]};`);
      if (results.length === 2) code.push(`return (pair){${results.join(", ")}};`);
    } else throw new Error(`function ${index}: \`${instruction}\` is not translated`);
  }
  return `${head} {\n${code.join("\n")}\n}`;
}
