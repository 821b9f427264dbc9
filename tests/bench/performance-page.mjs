// What a bench found, as tables: printed, and with the words about it as docs/performance.md.
import fs from "node:fs";
import os from "node:os";
import { median } from "./processes.mjs";

function table(heading, rows) {
  return [
    `| ${heading.join(" | ")} |`,
    `|${heading.map(() => "---|").join("")}`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

function tableOfShares(shares) {
  const spent = Object.keys(shares[0]).map((kind) => ({
    kind,
    time: median(shares.map((one) => one[kind])),
  }));
  const all = spent.reduce((sum, { time }) => sum + time, 0);
  return table(
    ["a trial of today's reference scenario", "microseconds", "share of the simulation"],
    spent
      .filter(({ time }) => time >= all / 200)
      .sort((one, other) => other.time - one.time)
      .map(({ kind, time }) => [kind, time.toFixed(1), `${((100 * time) / all).toFixed(0)} %`]),
  );
}

/** Prints the tables and writes the page; a quick run only prints. */
export function writePage({ isQuick, rounds, aims, models, base, processes, usual, shares }) {
  const tables = {
    aims: table(["figure", "measured", "aim"], aims),
    models: table(["plain model, one thread", "million fleet-months a second", `ratio to ${base}`], models),
    processes: table(
      [
        `whole process (samples: ${usual.toLocaleString("en-US")} trials)`,
        "seconds by the clock",
        "of the processor",
        "times `node -e 0`",
        "peak MB",
      ],
      processes,
    ),
    shares: tableOfShares(shares),
  };
  console.log(Object.values(tables).join("\n\n"));
  if (isQuick) return;
  const machine = `${os.availableParallelism()} cores (${os.cpus()[0].model.trim()})`;
  const text = `# Performance

\`npm run bench -- ${rounds}\` measured this and wrote this page: ${rounds} alternating rounds on ${machine}, Node
${process.versions.node}, load average ${os.loadavg()[0].toFixed(1)} at the end. A ratio is the median of those within a round. On a machine
that is busy with other things (a load average above the number of cores), times by the clock say little.

${tables.aims}

Inputs are frozen: the reference scenario and the catalog of commit da10757, read by both programs. The large samples, the peak of
memory and the fleets at one site are today's program on today's reference and catalog, each run once.

${tables.models}

The plain model (\`tests/bench/plain-model.yaml\`) is the model of \`tests/bench/plain.c\` as a scenario: six fleets, 96 months,
28 uncertain values, three columns. The product draws, simulates and aggregates; C only draws and simulates.

${tables.processes}

Samples write all tables and no report.

${tables.shares}

## How it became fast

**WebAssembly.** The builder places elementwise instructions, lags and scans next to each other; \`src/engine/fused/\` turns each such run
into one function, which passes over months and trials once, two trials at a time. What only the run reads never reaches memory.
Kernels are functions of the same module (\`src/engine/language/emit.ts\`). Bits do not depend on it; without WebAssembly plain loops do
the work, and kernels take some ten times as long.

**Memory.** Registers of trials and slabs begin at a cache line. Before, a pair of trials lay across two lines in a month of four;
the sample takes a fifteenth less. Blocks of two trials are slower than blocks of four by a quarter. Kernels go
month by month, and through all pairs of a block in each, because these share a cache line: a twelfth less time than pair by pair. Runs that
store most of their values take two pairs at a time, half a cache line of each, which makes them a sixth faster; others lack the registers
for it. Of no use were month by month for runs, lags without branches, a short way through powers and exponentials for usual numbers, all
columns of a month together, and functions of numbers for two pairs side by side.

**Short lists.** A kernel reads the addresses of an item's columns from a record. For up to six items the code is written out, with
constant addresses: 4 % less of the simulation. More copies than six take longer to compile than they save.

**Constants.** V8 makes each constant of a vector with three instructions. Functions of numbers load theirs instead, from globals of the
module, and choose with one instruction where it can say the same: 4 % less of the simulation. Elsewhere, constants are few.

**Choices.** A choice where one side is 0, a comparison that only a choice reads, the smaller and the larger of two numbers are one to three
instructions of the processor, where they were three to nine: 5 % less of the simulation.

**Waiting.** Each step of a kernel is written for two pairs of trials, so that the processor works on one while a result of the other is
on its way: a sixteenth less of the simulation. Polynomials of powers and exponentials are added by twos and fours, since term after term
each step waits for the last: a twentieth less.

**Serving.** The batch that a replica's speed allows is the least of four, each the root of a concave sum. The sum that is likely to
bind is searched first and the others are looked at there, so that one search does what four did: less than half of the time. A power
is taken only where it can change the answer: a tenth less.

**Tiles.** Trials are simulated in tiles of 128, and each tile is sifted at once, in WebAssembly, into sums and values near a rank. A tile
is laid out in strips of eight trials, so that a block of trials writes to fewer pages of memory: a twentieth of a sample.
WebAssembly goes through the program and fills the tile, without a step in JavaScript: three hundred calls a block made up a twentieth of a sample.
One pass completes nearly all samples up to some 100,000 trials of the reference, and two passes nearly all others. Figures that are equal in all trials
so far share what is sifted; in the reference nearly half are. The first trials of each figure are sorted by a network in WebAssembly (6 µs
for 1,024 numbers, native sorting takes 70), from which searches for its quantiles begin: two fifths of the time of selecting what is needed.
A row is sifted in two passes, for moments and for ranks, so that what each keeps fits the processor's registers; and values near a rank are
listed by the same steps for every value, because no processor foresees which are near: a third of the time where a quarter of the values is near, and
three fifths where few are. Searches have room for half as much again as they need, so that a sample of 10,000 trials narrows them once and not with each chunk. An end is
found by counting, in WebAssembly, how many values lie below a number, three times or so, and so is the value of a rank: half of the time of taking what was sifted.

Of no use were taking what was sifted tile by tile (a fifth more), reading the first value near before it is needed, and a generator of draws
of our own: steps of seedrandom's wait for each other, so that written out it takes the same 15 ns a draw.

**Months.** Values needed only within the horizon are not computed outside it, which saves a quarter of the work. A count that
nothing can change, such as replaced chips of a fleet without spares, is a constant, and what follows from it is folded: 7 % less of the
simulation of the plain model.

**What bounds it.** V8 comes close to native code. \`node tests/bench/native/run.mjs\` translates the functions that simulate the reference from
WebAssembly to C and compares all bits: gcc -O2 takes nine tenths of V8's time for a trial, and four fifths of it with -O3 for the processor
at hand. So less time means less work: fewer values, months or figures.

**Long runs** are cut: V8 takes no function of more than 50,000 locals, which a thousand fleets at one site exceed.

**Start-up.** The build packs the catalog, merged and checked, with its figures as read; of the chips, only those that a scenario names are
unpacked. Units are read from a table made of mathjs's. The build also stores what V8 compiles of the command, once for \`validate\` and once for the others
(docs/architecture.md): a fifth less time by the clock. V8's optimising compiler is on only while a sample is taken and while large tables are written. Medians of distributions,
masses outside their ranges, bounds of fields and notations of quantities are worked out once, tables of dates are folded at once, and a cell that is
equal to the one above it is written once. Together, and by the processor: 13 to 18 % less for \`validate\`, 12 to 16 % less for a plain run (nine alternating pairs on a busy
machine). A run with a sample is compiled once: the Plan of its sample is a part of that of the plain run. Only tables that show figures
are made to ask for them, and look up a column once for all its months. No count is written with Intl, whose data takes 10 ms to load.
Of two threads of a sample one is that of the command, so that only one has to start, to compile its code and to hear of the Plan: 2 % less
by the processor and by the clock. The rest is flat: reading the scenario, compiling it, simulating, and writing tables. Of no use were: compiling WebAssembly in a thread while
the command asks for figures, since that thread compiles its own code first; optimising WebAssembly at once;
and V8's options for collection, feedback and tiers. Try such options behind the loading of the program: with others than at the build, V8 refuses the stored code.
`;
  fs.writeFileSync("docs/performance.md", text);
}
